-- Statements of daily work for SQLite, over the shop of schema_sqlite.sql: a name, then one statement up to `;` at the end of a line.

-- all customers of a region
SELECT id, name, city FROM customers WHERE region = 'EU' ORDER BY id;

-- newest customers first
SELECT id, name, created_at FROM customers ORDER BY created_at DESC, id LIMIT 10;

-- second page of customers
SELECT id, name FROM customers ORDER BY id LIMIT 10 OFFSET 10;

-- customers of several cities
SELECT name, city FROM customers WHERE city IN ('Berlin', 'Paris', 'Osaka') ORDER BY city, name, id;

-- customers not of these regions
SELECT id, region FROM customers WHERE region NOT IN ('EU', 'US') ORDER BY id;

-- customers without a city
SELECT id, name FROM customers WHERE city IS NULL ORDER BY id;

-- customers with a city and a birth date
SELECT id FROM customers WHERE city IS NOT NULL AND birth_date IS NOT NULL ORDER BY id;

-- names that begin with a letter
SELECT id, name FROM customers WHERE name LIKE 'A%' ORDER BY name, id;

-- names that hold an apostrophe
SELECT id, name FROM customers WHERE name LIKE '%O''Neil%' ORDER BY id;

-- names with an umlaut
SELECT id, name FROM customers WHERE name LIKE '%Müller' ORDER BY id;

-- a percent sign in a pattern is escaped
SELECT id
FROM products
WHERE sku LIKE 'SKU!-01%' ESCAPE '!' OR name LIKE '%50!%%' ESCAPE '!'
ORDER BY id;

-- names that do not match
SELECT id, name FROM customers WHERE name NOT LIKE '%a%' ORDER BY id;

-- prices between two bounds
SELECT id, price FROM products WHERE price BETWEEN 20 AND 60.5 ORDER BY price, id;

-- prices outside of two bounds
SELECT id, price FROM products WHERE price NOT BETWEEN 10 AND 90 ORDER BY price DESC, id;

-- conditions with parentheses
SELECT id, status, total
FROM orders
WHERE (status = 'paid' OR status = 'shipped') AND NOT (total < 100)
ORDER BY id;

-- active customers
SELECT id, name FROM customers WHERE active ORDER BY id;

-- inactive customers of a region
SELECT id, name FROM customers WHERE NOT active AND region <> 'US' ORDER BY id;

-- orders of one month
SELECT id, ordered_at
FROM orders
WHERE ordered_at >= '2025-03-01' AND ordered_at < '2025-04-01'
ORDER BY ordered_at, id;

-- orders that were never shipped
SELECT id, status FROM orders WHERE shipped_at IS NULL ORDER BY id;

-- distinct cities
SELECT DISTINCT city FROM customers WHERE city IS NOT NULL ORDER BY city;

-- distinct pairs
SELECT DISTINCT region, status FROM orders ORDER BY region, status;

-- renamed columns
SELECT o.id AS order_number, o.total AS amount
FROM orders AS o
WHERE o.total > 300
ORDER BY amount DESC, order_number;

-- order by position
SELECT region, id FROM customers ORDER BY 1, 2 DESC;

-- arithmetic on columns
SELECT order_id, line, quantity * unit_price AS gross, quantity * unit_price - COALESCE(discount, 0) AS net
FROM order_items
WHERE order_id < 20
ORDER BY order_id, line;

-- a price with tax, rounded
SELECT id, price, ROUND(price * 1.19, 2) AS with_tax FROM products ORDER BY id;

-- remainders
SELECT id, id % 7 AS bucket FROM customers WHERE id % 2 = 0 ORDER BY bucket, id;

-- negative numbers
SELECT id, -price AS minus, price * -1 AS also, ABS(-price) AS plus
FROM products
WHERE -price < -50
ORDER BY id;

-- a constant beside columns
SELECT 'order' AS kind, id, 1 AS one, NULL AS missing FROM orders WHERE id <= 3 ORDER BY id;

-- a query without a table
SELECT 1 + 1 AS two, 'text' AS word;

-- big numbers stay whole
SELECT id + 9007199254740993 AS big FROM events WHERE id <= 3 ORDER BY id;

-- a class for each price
SELECT id, price, CASE WHEN price < 20 THEN 'cheap' WHEN price < 60 THEN 'fair' ELSE 'dear' END AS class
FROM products
ORDER BY id;

-- a simple case
SELECT id, CASE status WHEN 'new' THEN 1 WHEN 'paid' THEN 2 WHEN 'shipped' THEN 3 ELSE 9 END AS step
FROM orders
ORDER BY step, id;

-- a word for what is missing
SELECT id, COALESCE(city, region, 'unknown') AS place FROM customers ORDER BY id;

-- no division by zero
SELECT product_id, warehouse, 100.0 / NULLIF(quantity, 0) AS share
FROM stock
ORDER BY product_id, warehouse;

-- sort by a case
SELECT id, status FROM orders ORDER BY CASE WHEN status = 'new' THEN 0 ELSE 1 END, id;

-- nested cases
SELECT id, CASE WHEN shipped_at IS NULL THEN CASE WHEN status = 'cancelled' THEN 'gone' ELSE 'open' END ELSE 'sent' END AS state
FROM orders
ORDER BY id;

-- upper and lower case
SELECT id, UPPER(name) AS loud, LOWER(name) AS quiet FROM customers WHERE id <= 12 ORDER BY id;

-- names joined to places
SELECT id, name || ' of ' || region AS label FROM customers ORDER BY id;

-- lengths of names
SELECT name, length(name) AS letters FROM products ORDER BY letters DESC, id;

-- parts of a code
SELECT sku, CAST(substr(sku, 5, 3) AS INTEGER) AS number FROM products ORDER BY number;

-- where a word begins
SELECT id, instr(name, 'No.') AS place FROM products ORDER BY id;

-- replaced words
SELECT id, REPLACE(name, 'No.', '#') AS short FROM products ORDER BY id;

-- trimmed text
SELECT id, TRIM(name) AS trimmed, LTRIM(name) AS l, RTRIM(name) AS r
FROM products
WHERE id <= 5
ORDER BY id;

-- first words
SELECT id, substr(name, 1, instr(name, ' ') - 1) AS first_name FROM customers ORDER BY id;

-- numbers as text
SELECT CAST(id AS TEXT) AS id_text FROM products WHERE id < 15 ORDER BY id_text;

-- search in several columns
SELECT id, name
FROM products
WHERE LOWER(name) LIKE '%knife%' OR LOWER(sku) LIKE '%02%'
ORDER BY id;

-- how many customers
SELECT COUNT(*) AS customers FROM customers;

-- how many customers have a city
SELECT COUNT(city) AS with_city, COUNT(*) - COUNT(city) AS without FROM customers;

-- how many different cities
SELECT COUNT(DISTINCT city) AS cities FROM customers;

-- customers by region
SELECT region, COUNT(*) AS customers FROM customers GROUP BY region ORDER BY customers DESC, region;

-- turnover by status
SELECT status, COUNT(*) AS orders, SUM(total) AS turnover, ROUND(AVG(total), 2) AS mean
FROM orders
GROUP BY status
ORDER BY turnover DESC;

-- least and greatest
SELECT MIN(price) AS least, MAX(price) AS greatest, MAX(price) - MIN(price) AS spread FROM products;

-- groups above a bound
SELECT customer_id, COUNT(*) AS orders
FROM orders
GROUP BY customer_id
HAVING COUNT(*) > 3
ORDER BY orders DESC, customer_id;

-- groups by two columns
SELECT region, status, COUNT(*) AS orders, SUM(total) AS turnover
FROM orders
GROUP BY region, status
ORDER BY region, status;

-- a condition before and one after grouping
SELECT status, SUM(total) AS turnover
FROM orders
WHERE total > 50
GROUP BY status
HAVING SUM(total) > 1000 AND COUNT(*) > 2
ORDER BY status;

-- grouped by an expression
SELECT CASE WHEN total < 100 THEN 'small' ELSE 'large' END AS size, COUNT(*) AS orders
FROM orders
GROUP BY CASE WHEN total < 100 THEN 'small' ELSE 'large' END
ORDER BY size;

-- orders by month
SELECT strftime('%Y-%m', ordered_at) AS month, COUNT(*) AS orders, SUM(total) AS turnover
FROM orders
GROUP BY strftime('%Y-%m', ordered_at)
ORDER BY month;

-- orders by year and month
SELECT CAST(strftime('%Y', ordered_at) AS INTEGER) AS y, CAST(strftime('%m', ordered_at) AS INTEGER) AS m, COUNT(*) AS orders
FROM orders
GROUP BY CAST(strftime('%Y', ordered_at) AS INTEGER), CAST(strftime('%m', ordered_at) AS INTEGER)
ORDER BY y, m;

-- orders by day of the week
SELECT strftime('%w', ordered_at) AS weekday, COUNT(*) AS orders
FROM orders
GROUP BY strftime('%w', ordered_at)
ORDER BY weekday;

-- events by hour
SELECT CAST(strftime('%H', occurred_at) AS INTEGER) AS hour, COUNT(*) AS events
FROM events
GROUP BY CAST(strftime('%H', occurred_at) AS INTEGER)
ORDER BY hour;

-- orders by day
SELECT date(ordered_at) AS day, COUNT(*) AS orders
FROM orders
WHERE region = 'EU'
GROUP BY date(ordered_at)
ORDER BY day;

-- shares in one row
SELECT SUM(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled, COUNT(*) AS orders, ROUND(100.0 * SUM(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END) / COUNT(*), 1) AS percent_cancelled
FROM orders;

-- a pivot by case
SELECT region, SUM(CASE WHEN status = 'paid' THEN total ELSE 0 END) AS paid, SUM(CASE WHEN status = 'shipped' THEN total ELSE 0 END) AS shipped, SUM(CASE WHEN status = 'delivered' THEN total ELSE 0 END) AS delivered
FROM orders
GROUP BY region
ORDER BY region;

-- names of a group in one text
SELECT region, group_concat(name, ', ' ORDER BY name) AS names
FROM customers
WHERE id <= 20
GROUP BY region
ORDER BY region;

-- a count of distinct pairs
SELECT COUNT(*) AS pairs FROM (SELECT DISTINCT customer_id, status FROM orders) AS p;

-- an average of counts
SELECT AVG(n * 1.0) AS mean_orders
FROM (SELECT customer_id, COUNT(*) AS n FROM orders GROUP BY customer_id) AS c;

-- an aggregate of an aggregate
SELECT region, MAX(turnover) AS best
FROM (SELECT region, customer_id, SUM(total) AS turnover FROM orders GROUP BY region, customer_id) AS t
GROUP BY region
ORDER BY region;

-- empty groups give nothing
SELECT status, SUM(total) AS turnover
FROM orders
WHERE status = 'lost'
GROUP BY status
ORDER BY status;

-- an aggregate over nothing
SELECT COUNT(*) AS n, SUM(total) AS turnover FROM orders WHERE status = 'lost';

-- orders with names of customers
SELECT o.id, c.name, o.total FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.id;

-- a left join keeps customers without orders
SELECT c.id, c.name, o.id AS order_id
FROM customers c
LEFT JOIN orders o ON o.customer_id = c.id
ORDER BY c.id, o.id;

-- customers without orders
SELECT c.id, c.name
FROM customers c
LEFT JOIN orders o ON o.customer_id = c.id
WHERE o.id IS NULL
ORDER BY c.id;

-- a right join
SELECT c.id, o.id AS order_id
FROM orders o RIGHT OUTER JOIN customers c ON c.id = o.customer_id AND o.total > 400
ORDER BY c.id, o.id;

-- a cross join
SELECT r.region, s.status
FROM (SELECT DISTINCT region FROM orders) AS r
CROSS JOIN (SELECT DISTINCT status FROM orders) AS s
ORDER BY r.region, s.status;

-- a join by comma
SELECT o.id, c.name
FROM orders o, customers c
WHERE c.id = o.customer_id AND o.total > 300
ORDER BY o.id;

-- four tables
SELECT o.id, c.name, p.name AS product, k.name AS category, i.quantity
FROM orders o
JOIN customers c ON c.id = o.customer_id
JOIN order_items i ON i.order_id = o.id
JOIN products p ON p.id = i.product_id
JOIN categories k ON k.id = p.category_id
WHERE o.id <= 25
ORDER BY o.id, i.line;

-- a join with itself
SELECT e.name, m.name AS manager
FROM employees e
LEFT JOIN employees m ON m.id = e.manager_id
ORDER BY e.id;

-- pairs of the same city
SELECT a.id AS first_id, b.id AS second_id, a.city
FROM customers a
JOIN customers b ON b.city = a.city AND b.id > a.id
ORDER BY a.id, b.id;

-- a join on a range
SELECT o.id, b.name AS band
FROM orders o
JOIN (SELECT 0 AS low, 100 AS high, 'small' AS name UNION ALL SELECT 100, 300, 'medium' UNION ALL SELECT 300, 100000, 'large') AS b ON o.total >= b.low AND o.total < b.high
ORDER BY o.id;

-- turnover by category
SELECT k.name, SUM(i.quantity) AS pieces, SUM(i.quantity * i.unit_price) AS turnover
FROM order_items i
JOIN products p ON p.id = i.product_id
JOIN categories k ON k.id = p.category_id
GROUP BY k.name
ORDER BY turnover DESC, k.name;

-- products never sold
SELECT p.id, p.name
FROM products p
LEFT JOIN order_items i ON i.product_id = p.id
WHERE i.order_id IS NULL
ORDER BY p.id;

-- who referred whom
SELECT c.name, r.name AS referrer
FROM customers c
JOIN customers r ON r.id = c.referrer_id
ORDER BY c.id;

-- orders paid in parts
SELECT o.id, COUNT(p.id) AS parts, SUM(p.amount) AS paid, MAX(o.total) AS total
FROM orders o
JOIN payments p ON p.order_id = o.id
GROUP BY o.id
HAVING COUNT(p.id) > 1
ORDER BY o.id;

-- orders not fully paid
SELECT o.id, o.total, COALESCE(SUM(p.amount), 0) AS paid
FROM orders o
LEFT JOIN payments p ON p.order_id = o.id
GROUP BY o.id, o.total
HAVING COALESCE(SUM(p.amount), 0) < o.total
ORDER BY o.id;

-- a view is a relation
SELECT region, COUNT(*) AS orders, SUM(amount) AS amount
FROM order_totals
GROUP BY region
ORDER BY region;

-- a view joined with a table
SELECT t.order_id, c.name, t.amount
FROM order_totals t
JOIN customers c ON c.id = t.customer_id
WHERE t.amount > 300
ORDER BY t.order_id;

-- all columns of one table in a join
SELECT o.id AS order_id, k.*
FROM orders o
JOIN order_items k ON k.order_id = o.id
WHERE o.id < 10
ORDER BY o.id, k.line;

-- stock of both warehouses side by side
SELECT p.id, n.quantity AS north, s.quantity AS south
FROM products p
LEFT JOIN stock n ON n.product_id = p.id AND n.warehouse = 'north'
LEFT JOIN stock s ON s.product_id = p.id AND s.warehouse = 'south'
ORDER BY p.id;

-- orders above the mean
SELECT id, total FROM orders WHERE total > (SELECT AVG(total) FROM orders) ORDER BY id;

-- customers who ordered
SELECT id, name
FROM customers
WHERE id IN (SELECT customer_id FROM orders WHERE status = 'delivered')
ORDER BY id;

-- customers who did not cancel
SELECT id
FROM customers
WHERE id NOT IN (SELECT customer_id FROM orders WHERE status = 'cancelled')
ORDER BY id;

-- customers with a large order
SELECT c.id, c.name
FROM customers c
WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.total > 350)
ORDER BY c.id;

-- customers without events
SELECT c.id
FROM customers c
WHERE NOT EXISTS (SELECT * FROM events e WHERE e.customer_id = c.id)
ORDER BY c.id;

-- a count beside each row
SELECT c.id, (SELECT COUNT(*) FROM orders o WHERE o.customer_id = c.id) AS orders
FROM customers c
ORDER BY orders DESC, c.id;

-- the last order of each customer
SELECT o.customer_id, o.id, o.ordered_at
FROM orders o
WHERE o.ordered_at = (SELECT MAX(x.ordered_at) FROM orders x WHERE x.customer_id = o.customer_id)
ORDER BY o.customer_id, o.id;

-- the dearest product of its category
SELECT p.category_id, p.id, p.price
FROM products p
WHERE p.price >= (SELECT MAX(x.price) FROM products x WHERE x.category_id = p.category_id)
ORDER BY p.category_id, p.id;

-- a sub-query in from
SELECT t.region, t.orders
FROM (SELECT region, COUNT(*) AS orders FROM orders GROUP BY region) AS t
WHERE t.orders > 10
ORDER BY t.region;

-- sub-queries three deep
SELECT name
FROM customers
WHERE id IN (SELECT customer_id FROM orders WHERE id IN (SELECT order_id FROM order_items WHERE product_id IN (SELECT id FROM products WHERE price > 80)))
ORDER BY name, id;

-- share of the whole
SELECT status, SUM(total) AS turnover, ROUND(100 * SUM(total) / (SELECT SUM(total) FROM orders), 2) AS percent_of_all
FROM orders
GROUP BY status
ORDER BY status;

-- two sub-queries joined
SELECT a.customer_id, a.orders, b.events
FROM (SELECT customer_id, COUNT(*) AS orders FROM orders GROUP BY customer_id) AS a
JOIN (SELECT customer_id, COUNT(*) AS events FROM events GROUP BY customer_id) AS b ON b.customer_id = a.customer_id
ORDER BY a.customer_id;

-- a sub-query in having
SELECT customer_id, SUM(total) AS turnover
FROM orders
GROUP BY customer_id
HAVING SUM(total) > (SELECT 2 * AVG(total) FROM orders)
ORDER BY customer_id;

-- a sub-query in a case
SELECT id, CASE WHEN id IN (SELECT product_id FROM stock WHERE quantity > 50) THEN 'plenty' ELSE 'scarce' END AS supply
FROM products
ORDER BY id;

-- a named query
WITH big AS (SELECT id, customer_id, total FROM orders WHERE total > 250)
SELECT c.name, b.total
FROM big b
JOIN customers c ON c.id = b.customer_id
ORDER BY b.total DESC, b.id;

-- two named queries
WITH o AS (SELECT customer_id, SUM(total) AS turnover FROM orders GROUP BY customer_id), e AS (SELECT customer_id, COUNT(*) AS events FROM events GROUP BY customer_id)
SELECT c.id, o.turnover, e.events
FROM customers c
LEFT JOIN o ON o.customer_id = c.id
LEFT JOIN e ON e.customer_id = c.id
ORDER BY c.id;

-- a named query that uses another
WITH per_customer AS (SELECT customer_id, SUM(total) AS turnover FROM orders GROUP BY customer_id), classes AS (SELECT customer_id, CASE WHEN turnover > 800 THEN 'gold' WHEN turnover > 300 THEN 'silver' ELSE 'bronze' END AS class FROM per_customer)
SELECT class, COUNT(*) AS customers
FROM classes
GROUP BY class
ORDER BY class;

-- a named query with named columns
WITH t (region, n) AS (SELECT region, COUNT(*) FROM customers GROUP BY region)
SELECT region, n
FROM t
WHERE n > 5
ORDER BY region;

-- a named query used twice
WITH m AS (SELECT CAST(strftime('%m', ordered_at) AS INTEGER) AS month, SUM(total) AS turnover FROM orders GROUP BY CAST(strftime('%m', ordered_at) AS INTEGER))
SELECT a.month, a.turnover, b.turnover AS previous
FROM m a
LEFT JOIN m b ON b.month = a.month - 1
ORDER BY a.month;

-- a named query that hides a table
WITH orders AS (SELECT 1 AS id, 'mine' AS status) SELECT id, status FROM orders ORDER BY id;

-- numbers by recursion
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
SELECT i, i * i AS square
FROM n
ORDER BY i;

-- the hierarchy of employees
WITH RECURSIVE tree (id, name, level) AS (SELECT id, name, 0 FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, t.level + 1 FROM employees e JOIN tree t ON e.manager_id = t.id)
SELECT id, name, level
FROM tree
ORDER BY level, id;

-- everyone below one manager
WITH RECURSIVE below (id) AS (SELECT id FROM employees WHERE id = 2 UNION ALL SELECT e.id FROM employees e JOIN below b ON e.manager_id = b.id)
SELECT e.id, e.name, e.department
FROM below b
JOIN employees e ON e.id = b.id
ORDER BY e.id;

-- all categories below one
WITH RECURSIVE c (id, name, depth) AS (SELECT id, name, 0 FROM categories WHERE id = 2 UNION ALL SELECT k.id, k.name, c.depth + 1 FROM categories k JOIN c ON k.parent_id = c.id)
SELECT id, name, depth
FROM c
ORDER BY depth, id;

-- turnover of a whole branch
WITH RECURSIVE branch (id) AS (SELECT id FROM categories WHERE name = 'Kitchen' UNION ALL SELECT k.id FROM categories k JOIN branch b ON k.parent_id = b.id)
SELECT COUNT(*) AS positions, SUM(i.quantity * i.unit_price) AS turnover
FROM order_items i
JOIN products p ON p.id = i.product_id
JOIN branch b ON b.id = p.category_id;

-- months without orders are shown
WITH RECURSIVE m (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM m WHERE n < 12)
SELECT m.n AS month, COUNT(o.id) AS orders, COALESCE(SUM(o.total), 0) AS turnover
FROM m
LEFT JOIN orders o ON CAST(strftime('%m', o.ordered_at) AS INTEGER) = m.n AND o.status = 'cancelled'
GROUP BY m.n
ORDER BY m.n;

-- a union
SELECT city AS word
FROM customers
WHERE city IS NOT NULL
UNION SELECT department
FROM employees
ORDER BY word;

-- a union that keeps equal rows
SELECT region FROM customers UNION ALL SELECT region FROM employees ORDER BY region;

-- an intersection
SELECT customer_id
FROM orders
WHERE status = 'paid'
INTERSECT
SELECT customer_id
FROM orders
WHERE status = 'delivered'
ORDER BY customer_id;

-- a difference
SELECT id FROM customers EXCEPT SELECT customer_id FROM orders ORDER BY id;

-- three unions with a label each
SELECT 'customers' AS what, COUNT(*) AS n
FROM customers
UNION ALL SELECT 'orders', COUNT(*)
FROM orders
UNION ALL SELECT 'products', COUNT(*)
FROM products
ORDER BY what;

-- a union inside a sub-query
SELECT kind, COUNT(*) AS n
FROM (SELECT 'order' AS kind, customer_id FROM orders UNION ALL SELECT 'event', customer_id FROM events) AS both_kinds
GROUP BY kind
ORDER BY kind;

-- a union of grouped rows and a total
SELECT region, COUNT(*) AS n
FROM customers
GROUP BY region
UNION ALL SELECT 'all', COUNT(*)
FROM customers
ORDER BY n, region;

-- a number for each row
SELECT ROW_NUMBER() OVER (ORDER BY total DESC, id) AS place, id, total FROM orders ORDER BY place;

-- ranks within groups
SELECT category_id, id, price, RANK() OVER (PARTITION BY category_id ORDER BY price DESC) AS place, DENSE_RANK() OVER (PARTITION BY category_id ORDER BY price DESC) AS dense
FROM products
ORDER BY category_id, place, id;

-- the three largest orders of each region
SELECT region, id, total
FROM (SELECT region, id, total, ROW_NUMBER() OVER (PARTITION BY region ORDER BY total DESC, id) AS place FROM orders) AS r
WHERE place <= 3
ORDER BY region, place;

-- a running total
SELECT id, total, SUM(total) OVER (ORDER BY id) AS running FROM orders ORDER BY id;

-- a running total of each customer
SELECT customer_id, id, SUM(total) OVER (PARTITION BY customer_id ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
FROM orders
ORDER BY customer_id, id;

-- a moving mean
SELECT id, total, ROUND(AVG(total) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), 4) AS mean
FROM orders
ORDER BY id;

-- a centred mean
SELECT id, ROUND(AVG(total) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), 4) AS mean
FROM orders
ORDER BY id;

-- the order before
SELECT customer_id, id, total, LAG(total) OVER (PARTITION BY customer_id ORDER BY id) AS before_it, total - LAG(total, 1, 0) OVER (PARTITION BY customer_id ORDER BY id) AS change
FROM orders
ORDER BY customer_id, id;

-- the order after
SELECT customer_id, id, LEAD(id) OVER (PARTITION BY customer_id ORDER BY ordered_at, id) AS next_order
FROM orders
ORDER BY customer_id, ordered_at, id;

-- share within the group
SELECT status, id, ROUND(100 * total / SUM(total) OVER (PARTITION BY status), 3) AS percent_of_status
FROM orders
ORDER BY status, id;

-- first and last of a group
SELECT DISTINCT customer_id, FIRST_VALUE(id) OVER (PARTITION BY customer_id ORDER BY id) AS first_order, LAST_VALUE(id) OVER (PARTITION BY customer_id ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last_order
FROM orders
ORDER BY customer_id;

-- quartiles
SELECT id, price, NTILE(4) OVER (ORDER BY price, id) AS quarter
FROM products
ORDER BY quarter, price, id;

-- relative ranks
SELECT id, PERCENT_RANK() OVER (ORDER BY price) AS pr, CUME_DIST() OVER (ORDER BY price) AS cd
FROM products
ORDER BY price, id;

-- a count of the whole beside each row
SELECT id, COUNT(*) OVER () AS of_all FROM categories ORDER BY id;

-- windows over groups
SELECT region, SUM(total) AS turnover, RANK() OVER (ORDER BY SUM(total) DESC) AS place
FROM orders
GROUP BY region
ORDER BY place;

-- growth from month to month
WITH m AS (SELECT strftime('%Y-%m', ordered_at) AS month, SUM(total) AS turnover FROM orders GROUP BY strftime('%Y-%m', ordered_at))
SELECT month, turnover, LAG(turnover) OVER (ORDER BY month) AS previous, ROUND(100 * (turnover - LAG(turnover) OVER (ORDER BY month)) / LAG(turnover) OVER (ORDER BY month), 1) AS growth
FROM m
ORDER BY month;

-- days between orders
SELECT customer_id, id, CAST(julianday(date(ordered_at)) - julianday(date(LAG(ordered_at) OVER (PARTITION BY customer_id ORDER BY ordered_at, id))) AS INTEGER) AS days_since
FROM orders
ORDER BY customer_id, ordered_at, id;

-- the cumulative share of products
WITH t AS (SELECT product_id, SUM(quantity * unit_price) AS turnover FROM order_items GROUP BY product_id)
SELECT product_id, turnover, ROUND(100 * SUM(turnover) OVER (ORDER BY turnover DESC, product_id) / SUM(turnover) OVER (), 2) AS cumulative
FROM t
ORDER BY turnover DESC, product_id;

-- the first order of each customer
WITH numbered AS (SELECT customer_id, id, ordered_at, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY ordered_at, id) AS n FROM orders)
SELECT customer_id, id, ordered_at
FROM numbered
WHERE n = 1
ORDER BY customer_id;

-- islands of product numbers in stock
WITH g AS (SELECT product_id, product_id - ROW_NUMBER() OVER (ORDER BY product_id) AS island FROM stock WHERE warehouse = 'north')
SELECT MIN(product_id) AS first_id, MAX(product_id) AS last_id, COUNT(*) AS n
FROM g
GROUP BY island
ORDER BY first_id;

-- gaps between order numbers of a status
SELECT id, next_id, next_id - id - 1 AS gap
FROM (SELECT id, LEAD(id) OVER (ORDER BY id) AS next_id FROM orders WHERE status = 'paid') AS x
WHERE next_id - id > 1
ORDER BY id;

-- sessions of events
WITH e AS (SELECT id, customer_id, occurred_at, LAG(occurred_at) OVER (PARTITION BY customer_id ORDER BY occurred_at, id) AS before_it FROM events WHERE customer_id IS NOT NULL), f AS (SELECT id, customer_id, CASE WHEN before_it IS NULL OR CAST(julianday(date(occurred_at)) - julianday(date(before_it)) AS INTEGER) > 3 THEN 1 ELSE 0 END AS starts FROM e)
SELECT customer_id, SUM(starts) AS sessions
FROM f
GROUP BY customer_id
ORDER BY customer_id;

-- cohorts by month of the first order
WITH f AS (SELECT customer_id, MIN(CAST(strftime('%m', ordered_at) AS INTEGER)) AS cohort FROM orders GROUP BY customer_id)
SELECT f.cohort, CAST(strftime('%m', o.ordered_at) AS INTEGER) - f.cohort AS months_later, COUNT(DISTINCT o.customer_id) AS customers
FROM orders o
JOIN f ON f.customer_id = o.customer_id
GROUP BY f.cohort, CAST(strftime('%m', o.ordered_at) AS INTEGER) - f.cohort
ORDER BY f.cohort, months_later;

-- recency, frequency, money
SELECT customer_id, CAST(julianday(date('2026-01-01')) - julianday(date(MAX(ordered_at))) AS INTEGER) AS recency, COUNT(*) AS frequency, SUM(total) AS money
FROM orders
GROUP BY customer_id
ORDER BY money DESC, customer_id;

-- a funnel of events
SELECT SUM(CASE WHEN kind = 'view' THEN 1 ELSE 0 END) AS viewed, SUM(CASE WHEN kind = 'cart' THEN 1 ELSE 0 END) AS put_in_cart, SUM(CASE WHEN kind = 'purchase' THEN 1 ELSE 0 END) AS bought
FROM events;

-- products bought together
SELECT a.product_id AS one, b.product_id AS other, COUNT(*) AS together
FROM order_items a
JOIN order_items b ON b.order_id = a.order_id AND b.product_id > a.product_id
GROUP BY a.product_id, b.product_id
ORDER BY together DESC, one, other LIMIT 15;

-- days until shipment
SELECT id, CAST(julianday(date(shipped_at)) - julianday(date(ordered_at)) AS INTEGER) AS days_needed
FROM orders
WHERE shipped_at IS NOT NULL
ORDER BY days_needed DESC, id;

-- late shipments by region
SELECT region, COUNT(*) AS late
FROM orders
WHERE shipped_at > datetime(ordered_at, '+3 days')
GROUP BY region
ORDER BY region;

-- returning customers
SELECT COUNT(*) AS returning_customers
FROM (SELECT customer_id FROM orders GROUP BY customer_id HAVING COUNT(*) >= 2) AS r;

-- orders in bands of a hundred
SELECT CAST(total / 100 AS INTEGER) * 100 AS band, COUNT(*) AS orders
FROM orders
GROUP BY CAST(total / 100 AS INTEGER) * 100
ORDER BY band;

-- colours of products
SELECT attributes ->> '$.color' AS color, COUNT(*) AS products
FROM products
WHERE attributes IS NOT NULL
GROUP BY attributes ->> '$.color'
ORDER BY color;

-- a number in JSON
SELECT id, json_extract(attributes, '$.size.w') AS width
FROM products
WHERE attributes IS NOT NULL
ORDER BY id;

-- a filter on JSON
SELECT id, name FROM products WHERE attributes ->> '$.color' = 'red' ORDER BY id;

-- events by campaign
SELECT payload ->> '$.ref' AS ref, kind, COUNT(*) AS n
FROM events
WHERE payload IS NOT NULL
GROUP BY payload ->> '$.ref', kind
ORDER BY ref, kind;

-- what JSON lacks
SELECT id FROM products WHERE attributes ->> '$.material' IS NULL ORDER BY id;

-- a check of totals
SELECT o.id, o.total, t.amount
FROM orders o
JOIN order_totals t ON t.order_id = o.id
WHERE o.total <> t.amount
ORDER BY o.id;

-- the best employee region
SELECT department, region, COUNT(*) AS people, MIN(hired_on) AS first_hired
FROM employees
GROUP BY department, region
ORDER BY department, region;

-- managers and the size of their teams
SELECT m.id, m.name, COUNT(e.id) AS team
FROM employees m
JOIN employees e ON e.manager_id = m.id
GROUP BY m.id, m.name
ORDER BY team DESC, m.id;

-- quoted names
SELECT "id", "name" AS "Full name" FROM "customers" WHERE "id" <= 5 ORDER BY "id";

-- qualified names
SELECT main.customers.id, customers.name
FROM main.customers
WHERE customers.id < 4
ORDER BY customers.id;

-- names in another case
select ID, Name from CUSTOMERS where Region = 'EU' order by ID;

-- comments and odd spaces
SELECT id, -- the number
    name /* and the
 name */
FROM	customers
WHERE id = 7
ORDER BY id;

-- filters within aggregates
SELECT region, count(*) FILTER (WHERE status = 'paid') AS paid, sum(total) FILTER (WHERE total > 100) AS large
FROM orders
GROUP BY region
ORDER BY region;

-- sums of conditions
SELECT region, sum(status = 'paid') AS paid, total(total) AS turnover
FROM orders
GROUP BY region
ORDER BY region;

-- conditions by iif
SELECT id, iif(total > 200, 'large', 'small') AS size, ifnull(note, 'none') AS note
FROM orders
WHERE region = 'EU'
ORDER BY id;

-- distinct words in one text
SELECT region, group_concat(DISTINCT city) IS NOT NULL AS has_cities, count(DISTINCT city) AS n
FROM customers
GROUP BY region
ORDER BY region;

-- words of a group in order
SELECT region, string_agg(name, '; ' ORDER BY name DESC) AS names
FROM customers
WHERE id <= 20
GROUP BY region
ORDER BY region;

-- formatted dates
SELECT id, strftime('%d.%m.%Y %H:%M', ordered_at) AS at, strftime('%j', ordered_at) AS day_of_year
FROM orders
ORDER BY id LIMIT 10;

-- parts of dates as numbers
SELECT id, CAST(strftime('%Y', ordered_at) AS INTEGER) AS y, (CAST(strftime('%m', ordered_at) AS INTEGER) + 2) / 3 AS quarter, strftime('%W', ordered_at) AS week
FROM orders
ORDER BY id LIMIT 20;

-- dates moved by modifiers
SELECT id, date(ordered_at, '+1 month') AS due, date(ordered_at, 'start of month') AS month_start, date(ordered_at, 'start of month', '+1 month', '-1 day') AS month_end
FROM orders
ORDER BY id LIMIT 10;

-- orders of the week before a day
SELECT id, ordered_at
FROM orders
WHERE ordered_at >= datetime('2025-06-30', '-7 days') AND ordered_at < '2025-06-30'
ORDER BY id;

-- differences in hours
SELECT id, CAST(round((julianday(shipped_at) - julianday(ordered_at)) * 24) AS INTEGER) AS hours, timediff(shipped_at, ordered_at) AS needed
FROM orders
WHERE shipped_at IS NOT NULL
ORDER BY id;

-- ages in years
SELECT id, CAST(strftime('%Y', '2026-01-01') AS INTEGER) - CAST(strftime('%Y', birth_date) AS INTEGER) AS years
FROM customers
WHERE birth_date IS NOT NULL
ORDER BY years DESC, id;

-- unix time
SELECT id, unixepoch(ordered_at) AS seconds, datetime(unixepoch(ordered_at), 'unixepoch') AS again
FROM orders
ORDER BY id LIMIT 5;

-- hours and times of day
SELECT time(ordered_at) AS clock, count(*) AS n
FROM orders
GROUP BY time(ordered_at)
ORDER BY clock LIMIT 15;

-- buckets of weeks
SELECT strftime('%Y-%W', ordered_at) AS week, count(*) AS n, sum(total) AS turnover
FROM orders
GROUP BY week
ORDER BY week;

-- text functions
SELECT substr('abcdef', 2, 3) AS middle, substr('abcdef', -2) AS tail, instr('hello', 'l') AS place, replace('aXb', 'X', '-') AS replaced, upper('abc') AS loud, length('wörter') AS letters, char(72, 105) AS hi, unicode('A') AS code, hex('AB') AS h, quote('it''s') AS quoted;

-- trims of given characters
SELECT trim('xxabcxx', 'x') AS a, ltrim('007', '0') AS b, rtrim('hey!!', '!') AS c;

-- numbers formatted
SELECT id, printf('%.2f', total) AS shown, format('%05d', id) AS padded, printf('%s: %d', status, id) AS label
FROM orders
ORDER BY id LIMIT 10;

-- text joined with separators
SELECT id, concat_ws(', ', city, region) AS place, concat(name, '!') AS loud
FROM customers
ORDER BY id LIMIT 10;

-- glob
SELECT id, name FROM products WHERE name GLOB 'B*[02468]' ORDER BY id;

-- not glob
SELECT id, sku FROM products WHERE sku NOT GLOB 'SKU-0[0-2]*' ORDER BY id;

-- like as a function
SELECT id FROM products WHERE like('%knife%', name) ORDER BY id;

-- numbers
SELECT round(2.345, 2) AS r, abs(-3) AS a, max(1, 5, 3) AS greatest, min(4, 2) AS least, 17 % 5 AS m, 17 / 5 AS d, 17 / 5.0 AS f, sign(-3) AS s, 2 << 3 AS shifted, 7 & 3 AS both_bits, 4 | 1 AS either, ~1 AS flipped;

-- casts
SELECT CAST('42' AS INTEGER) + 1 AS a, CAST('3.14' AS REAL) AS b, CAST(total AS INTEGER) AS c, CAST(id AS TEXT) || '!' AS d, typeof(total) AS t
FROM orders
WHERE id = 5;

-- comparisons with nulls by is
SELECT id FROM customers WHERE city IS NOT 'Berlin' AND referrer_id IS NULL ORDER BY id;

-- comparisons with nulls in the words of the standard
SELECT id
FROM customers
WHERE city IS DISTINCT FROM 'Berlin' AND referrer_id IS NOT DISTINCT FROM NULL
ORDER BY id;

-- isnull and notnull
SELECT id FROM customers WHERE city ISNULL OR birth_date NOTNULL ORDER BY id;

-- two ways to say equal
SELECT id FROM orders WHERE status == 'new' AND region != 'US' ORDER BY id;

-- rows are compared
SELECT id, ordered_at
FROM orders
WHERE (ordered_at, id) > ('2025-10-01', 100)
ORDER BY ordered_at, id LIMIT 10;

-- a list of values as a relation
WITH v (code, label) AS (VALUES ('new', 'New'), ('paid', 'Paid'), ('lost', 'Lost'))
SELECT v.code, v.label, count(o.id) AS n
FROM v
LEFT JOIN orders o ON o.status = v.code
GROUP BY v.code, v.label
ORDER BY v.code;

-- limit with the offset before it
SELECT id, name FROM customers ORDER BY id LIMIT 5, 10;

-- a join by using
SELECT order_id, p.method, i.line
FROM payments p
JOIN order_items i USING (order_id)
WHERE order_id < 20
ORDER BY order_id, p.id, i.line;

-- a natural join
SELECT product_id, sku, quantity
FROM (SELECT id AS product_id, sku FROM products) AS p NATURAL JOIN stock
WHERE warehouse = 'north'
ORDER BY product_id;

-- a full join
SELECT a.customer_id AS with_orders, b.customer_id AS with_events
FROM (SELECT DISTINCT customer_id FROM orders) AS a FULL OUTER JOIN (SELECT DISTINCT customer_id FROM events WHERE customer_id IS NOT NULL) AS b ON a.customer_id = b.customer_id
ORDER BY a.customer_id, b.customer_id;

-- a named window
SELECT id, region, sum(total) OVER w AS running, rank() OVER w AS place
FROM orders
WINDOW w AS (PARTITION BY region ORDER BY total, id)
ORDER BY region, place;

-- a frame of groups
SELECT id, status, count(*) OVER (ORDER BY status GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n
FROM orders
ORDER BY status, id;

-- a frame by range
SELECT id, sum(total) OVER (ORDER BY id RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) AS last_five
FROM orders
ORDER BY id;

-- a filter in a window
SELECT id, count(*) FILTER (WHERE status = 'cancelled') OVER (ORDER BY id) AS cancelled_so_far
FROM orders
ORDER BY id;

-- the third value of a group
SELECT DISTINCT region, nth_value(id, 3) OVER (PARTITION BY region ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS third
FROM orders
ORDER BY region;

-- JSON operators
SELECT id, attributes -> '$.size' AS size, attributes ->> '$.color' AS color, attributes ->> 'material' AS material
FROM products
WHERE attributes IS NOT NULL
ORDER BY id;

-- several JSON paths at once
SELECT id, json_extract(attributes, '$.size.w', '$.size.h') AS sizes
FROM products
WHERE attributes IS NOT NULL
ORDER BY id;

-- the elements of a JSON array
SELECT p.id, t.value AS tag
FROM products p, json_each(p.attributes, '$.tags') AS t
ORDER BY p.id, t.value;

-- products for each tag
SELECT t.value AS tag, count(*) AS products
FROM products p
JOIN json_each(p.attributes, '$.tags') AS t
GROUP BY t.value
ORDER BY tag;

-- the pairs of a JSON object
SELECT p.id, e.key, e.type
FROM products p, json_each(p.attributes) AS e
WHERE p.id <= 4
ORDER BY p.id, e.key;

-- the leaves of a JSON document
SELECT p.id, t.fullkey, t.atom
FROM products p, json_tree(p.attributes) AS t
WHERE p.id = 2 AND t.atom IS NOT NULL
ORDER BY t.fullkey;

-- an element is in a JSON array
SELECT id
FROM products
WHERE EXISTS (SELECT 1 FROM json_each(products.attributes, '$.tags') AS t WHERE t.value = 'eco')
ORDER BY id;

-- lengths and types of JSON
SELECT id, json_array_length(payload, '$.items') AS n, json_type(payload, '$.meta') AS kind, json_valid(payload) AS valid
FROM events
WHERE payload IS NOT NULL
ORDER BY id LIMIT 25;

-- JSON of a group
SELECT region, json_group_array(id) AS ids
FROM (SELECT region, min(id) AS id FROM customers GROUP BY region) AS f
GROUP BY region
ORDER BY region;

-- an object of a group
SELECT region, json_group_object(region, n) AS counted
FROM (SELECT region, count(*) AS n FROM orders GROUP BY region) AS s
GROUP BY region
ORDER BY region;

-- built JSON
SELECT id, json_object('name', name, 'region', region) AS document, json_array(id, name, NULL) AS list
FROM customers
WHERE id <= 3
ORDER BY id;

-- JSON changed in the answer
SELECT id, json_set(attributes, '$.color', 'grey') AS repainted, json_remove(attributes, '$.tags') AS less, json_patch(attributes, '{"sold":true}') AS more
FROM products
WHERE id < 4
ORDER BY id;

-- the path of each category
WITH RECURSIVE p AS (SELECT id, name, name AS path FROM categories WHERE parent_id IS NULL UNION ALL SELECT c.id, c.name, p.path || ' > ' || c.name FROM categories AS c JOIN p ON c.parent_id = p.id)
SELECT id, path
FROM p
ORDER BY path;

-- days by recursion
WITH RECURSIVE d (day) AS (SELECT date('2025-03-01') UNION ALL SELECT date(day, '+1 day') FROM d WHERE day < '2025-03-31')
SELECT d.day, count(o.id) AS orders
FROM d
LEFT JOIN orders o ON date(o.ordered_at) = d.day
GROUP BY d.day
ORDER BY d.day;

-- order with nulls at a chosen end
SELECT id, city FROM customers ORDER BY city DESC NULLS LAST, id;

-- grouped by an alias
SELECT substr(name, 1, 1) AS initial, count(*) AS n
FROM customers
GROUP BY initial
HAVING n > 2
ORDER BY initial;

-- a sub-query with a limit
SELECT c.name
FROM customers c
JOIN (SELECT customer_id, sum(total) AS t FROM orders GROUP BY customer_id ORDER BY t DESC, customer_id LIMIT 5) AS best ON best.customer_id = c.id
ORDER BY best.t DESC, c.id;

-- names in brackets and backticks
SELECT [id], `name` FROM [customers] WHERE `region` = 'EU' ORDER BY [id] LIMIT 4;

-- a blob in hexadecimal
SELECT id, hex(CAST(sku AS BLOB)) AS bytes, octet_length(name) AS size
FROM products
WHERE id <= 5
ORDER BY id;

-- a boolean in words
SELECT id, active = TRUE AS is_active, NOT active AS is_idle
FROM customers
WHERE active IS FALSE OR id < 5
ORDER BY id;
