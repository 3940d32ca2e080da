-- Statements of daily work for MySQL and MariaDB, over the shop of schema_mysql.sql: a name, then one statement up to `;` at the end of a line.

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
SELECT id, CONCAT(name, ' of ', region) AS label FROM customers ORDER BY id;

-- lengths of names
SELECT name, CHAR_LENGTH(name) AS letters FROM products ORDER BY letters DESC, id;

-- parts of a code
SELECT sku, CAST(SUBSTRING(sku, 5, 3) AS SIGNED) AS number FROM products ORDER BY number;

-- where a word begins
SELECT id, LOCATE('No.', name) AS place FROM products ORDER BY id;

-- replaced words
SELECT id, REPLACE(name, 'No.', '#') AS short FROM products ORDER BY id;

-- trimmed text
SELECT id, TRIM(name) AS trimmed, LTRIM(name) AS l, RTRIM(name) AS r
FROM products
WHERE id <= 5
ORDER BY id;

-- first words
SELECT id, SUBSTRING(name, 1, LOCATE(' ', name) - 1) AS first_name FROM customers ORDER BY id;

-- numbers as text
SELECT CAST(id AS CHAR) AS id_text FROM products WHERE id < 15 ORDER BY id_text;

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
SELECT DATE_FORMAT(ordered_at, '%Y-%m') AS month, COUNT(*) AS orders, SUM(total) AS turnover
FROM orders
GROUP BY DATE_FORMAT(ordered_at, '%Y-%m')
ORDER BY month;

-- orders by year and month
SELECT YEAR(ordered_at) AS y, MONTH(ordered_at) AS m, COUNT(*) AS orders
FROM orders
GROUP BY YEAR(ordered_at), MONTH(ordered_at)
ORDER BY y, m;

-- orders by day of the week
SELECT DAYOFWEEK(ordered_at) AS weekday, COUNT(*) AS orders
FROM orders
GROUP BY DAYOFWEEK(ordered_at)
ORDER BY weekday;

-- events by hour
SELECT HOUR(occurred_at) AS hour, COUNT(*) AS events
FROM events
GROUP BY HOUR(occurred_at)
ORDER BY hour;

-- orders by day
SELECT DATE(ordered_at) AS day, COUNT(*) AS orders
FROM orders
WHERE region = 'EU'
GROUP BY DATE(ordered_at)
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
SELECT region, GROUP_CONCAT(name ORDER BY name SEPARATOR ', ') AS names
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
WHERE p.price >= ALL (SELECT x.price FROM products x WHERE x.category_id = p.category_id)
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
WITH m AS (SELECT MONTH(ordered_at) AS month, SUM(total) AS turnover FROM orders GROUP BY MONTH(ordered_at))
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
LEFT JOIN orders o ON MONTH(o.ordered_at) = m.n AND o.status = 'cancelled'
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
SELECT customer_id, id, total, LAG(total) OVER (PARTITION BY customer_id ORDER BY id) AS before_it, total - COALESCE(LAG(total, 1) OVER (PARTITION BY customer_id ORDER BY id), 0) AS difference
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
WITH m AS (SELECT DATE_FORMAT(ordered_at, '%Y-%m') AS month, SUM(total) AS turnover FROM orders GROUP BY DATE_FORMAT(ordered_at, '%Y-%m'))
SELECT month, turnover, LAG(turnover) OVER (ORDER BY month) AS previous, ROUND(100 * (turnover - LAG(turnover) OVER (ORDER BY month)) / LAG(turnover) OVER (ORDER BY month), 1) AS growth
FROM m
ORDER BY month;

-- days between orders
SELECT customer_id, id, DATEDIFF(ordered_at, LAG(ordered_at) OVER (PARTITION BY customer_id ORDER BY ordered_at, id)) AS days_since
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
WITH e AS (SELECT id, customer_id, occurred_at, LAG(occurred_at) OVER (PARTITION BY customer_id ORDER BY occurred_at, id) AS before_it FROM events WHERE customer_id IS NOT NULL), f AS (SELECT id, customer_id, CASE WHEN before_it IS NULL OR DATEDIFF(occurred_at, before_it) > 3 THEN 1 ELSE 0 END AS starts FROM e)
SELECT customer_id, SUM(starts) AS sessions
FROM f
GROUP BY customer_id
ORDER BY customer_id;

-- cohorts by month of the first order
WITH f AS (SELECT customer_id, MIN(MONTH(ordered_at)) AS cohort FROM orders GROUP BY customer_id)
SELECT f.cohort, MONTH(o.ordered_at) - f.cohort AS months_later, COUNT(DISTINCT o.customer_id) AS customers
FROM orders o
JOIN f ON f.customer_id = o.customer_id
GROUP BY f.cohort, MONTH(o.ordered_at) - f.cohort
ORDER BY f.cohort, months_later;

-- recency, frequency, money
SELECT customer_id, DATEDIFF('2026-01-01', MAX(ordered_at)) AS recency, COUNT(*) AS frequency, SUM(total) AS money
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
SELECT id, DATEDIFF(shipped_at, ordered_at) AS days_needed
FROM orders
WHERE shipped_at IS NOT NULL
ORDER BY days_needed DESC, id;

-- late shipments by region
SELECT region, COUNT(*) AS late
FROM orders
WHERE shipped_at > DATE_ADD(ordered_at, INTERVAL 3 DAY)
GROUP BY region
ORDER BY region;

-- returning customers
SELECT COUNT(*) AS returning_customers
FROM (SELECT customer_id FROM orders GROUP BY customer_id HAVING COUNT(*) >= 2) AS r;

-- orders in bands of a hundred
SELECT FLOOR(total / 100) * 100 AS band, COUNT(*) AS orders
FROM orders
GROUP BY FLOOR(total / 100) * 100
ORDER BY band;

-- colours of products
SELECT JSON_UNQUOTE(JSON_EXTRACT(attributes, '$.color')) AS color, COUNT(*) AS products
FROM products
WHERE attributes IS NOT NULL
GROUP BY JSON_UNQUOTE(JSON_EXTRACT(attributes, '$.color'))
ORDER BY color;

-- a number in JSON
SELECT id, JSON_VALUE(attributes, '$.size.w') AS width
FROM products
WHERE attributes IS NOT NULL
ORDER BY id;

-- a filter on JSON
SELECT id, name
FROM products
WHERE JSON_UNQUOTE(JSON_EXTRACT(attributes, '$.color')) = 'red'
ORDER BY id;

-- events by campaign
SELECT JSON_UNQUOTE(JSON_EXTRACT(payload, '$.ref')) AS ref, kind, COUNT(*) AS n
FROM events
WHERE payload IS NOT NULL
GROUP BY JSON_UNQUOTE(JSON_EXTRACT(payload, '$.ref')), kind
ORDER BY ref, kind;

-- what JSON lacks
SELECT id
FROM products
WHERE JSON_UNQUOTE(JSON_EXTRACT(attributes, '$.material')) IS NULL
ORDER BY id;

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
SELECT `id`, `name` AS `Full name` FROM `customers` WHERE `id` <= 5 ORDER BY `id`;

-- qualified names
SELECT customers.id, customers.name FROM customers WHERE customers.id < 4 ORDER BY customers.id;

-- names in another case
select ID, Name from customers where Region = 'EU' order by ID;

-- comments and odd spaces
SELECT id, -- the number
    name /* and the
 name */
FROM	customers
WHERE id = 7
ORDER BY id;

-- rollup with subtotals
SELECT region, status, turnover
FROM (SELECT region, status, SUM(total) AS turnover FROM orders GROUP BY region, status WITH ROLLUP) AS r
ORDER BY region IS NULL, region, status IS NULL, status;

-- conditions by IF
SELECT id, IF(total > 200, 'large', 'small') AS size, IFNULL(note, 'none') AS note
FROM orders
WHERE region = 'EU'
ORDER BY id;

-- sums of conditions
SELECT region, SUM(status = 'paid') AS paid, SUM(IF(status = 'new', total, 0)) AS new_total, COUNT(IF(total > 100, 1, NULL)) AS large
FROM orders
GROUP BY region
ORDER BY region;

-- distinct words in one text
SELECT region, GROUP_CONCAT(DISTINCT city ORDER BY city DESC SEPARATOR ' | ') AS cities
FROM customers
GROUP BY region
ORDER BY region;

-- a text of a group with the usual comma
SELECT customer_id, GROUP_CONCAT(id ORDER BY id) AS orders
FROM orders
GROUP BY customer_id
ORDER BY customer_id;

-- formatted dates
SELECT id, DATE_FORMAT(ordered_at, '%d.%m.%Y %H:%i') AS at, DATE_FORMAT(ordered_at, '%W') AS weekday
FROM orders
ORDER BY id LIMIT 10;

-- parts of dates
SELECT id, YEAR(ordered_at) AS y, QUARTER(ordered_at) AS q, MONTH(ordered_at) AS m, WEEK(ordered_at, 3) AS w, DAYOFYEAR(ordered_at) AS d, WEEKDAY(ordered_at) AS wd, DAYNAME(ordered_at) AS name
FROM orders
ORDER BY id LIMIT 20;

-- parts of dates by EXTRACT
SELECT id, EXTRACT(YEAR FROM ordered_at) AS y, EXTRACT(MONTH FROM ordered_at) AS m, EXTRACT(HOUR FROM ordered_at) AS h
FROM orders
ORDER BY id LIMIT 20;

-- intervals
SELECT id, DATE_ADD(ordered_at, INTERVAL 1 MONTH) AS due, DATE_SUB(ordered_at, INTERVAL 2 WEEK) AS earlier, ordered_at + INTERVAL 3 HOUR AS later
FROM orders
ORDER BY id LIMIT 10;

-- orders of the week before a day
SELECT id, ordered_at
FROM orders
WHERE ordered_at >= DATE('2025-06-30') - INTERVAL 7 DAY AND ordered_at < '2025-06-30'
ORDER BY id;

-- differences in units
SELECT id, TIMESTAMPDIFF(HOUR, ordered_at, shipped_at) AS hours, DATEDIFF(shipped_at, ordered_at) AS days, TIMESTAMPDIFF(MINUTE, ordered_at, shipped_at) AS minutes
FROM orders
WHERE shipped_at IS NOT NULL
ORDER BY id;

-- ages in years
SELECT id, TIMESTAMPDIFF(YEAR, birth_date, '2026-01-01') AS years
FROM customers
WHERE birth_date IS NOT NULL
ORDER BY years DESC, id;

-- the last day of a month
SELECT DISTINCT LAST_DAY(ordered_at) AS month_end FROM orders ORDER BY month_end;

-- text read as dates
SELECT STR_TO_DATE('05.12.2025', '%d.%m.%Y') AS day, MAKEDATE(2025, 100) AS hundredth, FROM_DAYS(739000) AS counted, SEC_TO_TIME(3725) AS clock;

-- unix time
SELECT id, UNIX_TIMESTAMP(ordered_at) - UNIX_TIMESTAMP('2025-01-01 00:00:00') AS seconds
FROM orders
ORDER BY id LIMIT 5;

-- months by period
SELECT DATE_FORMAT(ordered_at, '%Y-%m-01') AS month, COUNT(*) AS n
FROM orders
GROUP BY month
ORDER BY month;

-- weeks by year and week
SELECT YEARWEEK(ordered_at, 3) AS week, COUNT(*) AS n, SUM(total) AS turnover
FROM orders
GROUP BY YEARWEEK(ordered_at, 3)
ORDER BY week;

-- regular expressions
SELECT id, name
FROM products
WHERE name REGEXP '^(Blade|Pan)' AND name NOT REGEXP '[02468]$'
ORDER BY id;

-- rlike is the same
SELECT id, sku FROM products WHERE sku RLIKE '0[12]' ORDER BY id;

-- parts by regular expressions
SELECT id, REGEXP_REPLACE(sku, '[^0-9]', '') AS digits, REGEXP_SUBSTR(name, '[0-9]+') AS number, REGEXP_INSTR(name, '[0-9]') AS place
FROM products
ORDER BY id LIMIT 15;

-- text functions
SELECT LPAD('7', 3, '0') AS padded, LEFT('abcdef', 2) AS l, RIGHT('abcdef', 2) AS r, REVERSE('abc') AS back, REPEAT('ab', 3) AS thrice, INSTR('hello', 'l') AS place, SUBSTRING_INDEX('a.b.c', '.', 2) AS head, ELT(2, 'a', 'b') AS second, FIELD('b', 'a', 'b') AS nth;

-- text joined with a separator
SELECT id, CONCAT_WS(', ', city, region) AS place, CONCAT(UPPER(LEFT(name, 1)), LOWER(SUBSTRING(name, 2))) AS cased
FROM customers
ORDER BY id LIMIT 10;

-- trims in their own syntax
SELECT TRIM(BOTH 'x' FROM 'xxabcxx') AS a, TRIM(LEADING '0' FROM '007') AS b, TRIM(TRAILING '!' FROM 'hey!!') AS c;

-- a set of words
SELECT FIND_IN_SET('b', 'a,b,c') AS place, SUBSTR('abcdef', -3) AS tail, MID('abcdef', 2, 3) AS middle, STRCMP('a', 'b') AS compared, SOUNDEX('Robert') AS sound;

-- numbers
SELECT ROUND(2.345, 2) AS r, TRUNCATE(2.789, 1) AS t, CEIL(1.2) AS c, FLOOR(-1.2) AS f, MOD(17, 5) AS m, 17 DIV 5 AS d, 17 MOD 5 AS m2, POW(2, 10) AS p, SQRT(16) AS s, SIGN(-3) AS sg, GREATEST(1, 5, 3) AS g, LEAST(4, 2) AS l;

-- formatted numbers
SELECT id, FORMAT(total, 2) AS shown FROM orders ORDER BY id LIMIT 5;

-- casts
SELECT CAST('42' AS SIGNED) + 1 AS a, CAST('3.14159' AS DECIMAL(5, 2)) AS b, CAST(total AS UNSIGNED) AS c, CAST(ordered_at AS DATE) AS d, CAST(id AS CHAR) AS e, CONVERT(total, CHAR(20)) AS f
FROM orders
WHERE id = 5;

-- comparisons with nulls
SELECT id FROM customers WHERE NOT (city <=> 'Berlin') AND referrer_id <=> NULL ORDER BY id;

-- tests of booleans
SELECT id
FROM customers
WHERE active IS TRUE AND (city = 'Paris') IS NOT TRUE AND (city = 'Wien') IS NOT UNKNOWN
ORDER BY id;

-- two ways to say not equal
SELECT id FROM orders WHERE status != 'new' AND region <> 'US' ORDER BY id LIMIT 10;

-- or and and in symbols
SELECT id FROM orders WHERE (status = 'new' || status = 'paid') && total > 100 ORDER BY id;

-- rows in lists
SELECT order_id, line
FROM order_items
WHERE (order_id, line) IN ((1, 1), (2, 2), (3, 3))
ORDER BY order_id, line;

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

-- a full join made of two
SELECT a.customer_id AS with_orders, b.customer_id AS with_events
FROM (SELECT DISTINCT customer_id FROM orders) a
LEFT JOIN (SELECT DISTINCT customer_id FROM events) b ON a.customer_id = b.customer_id
UNION SELECT a.customer_id, b.customer_id
FROM (SELECT DISTINCT customer_id FROM orders) a RIGHT JOIN (SELECT DISTINCT customer_id FROM events) b ON a.customer_id = b.customer_id
ORDER BY with_orders, with_events;

-- a named window
SELECT id, region, SUM(total) OVER w AS running, RANK() OVER w AS place
FROM orders
WINDOW w AS (PARTITION BY region ORDER BY total, id)
ORDER BY region, place;

-- a frame by range
SELECT id, SUM(total) OVER (ORDER BY id RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) AS last_five
FROM orders
ORDER BY id;

-- the third value of a group
SELECT DISTINCT region, NTH_VALUE(id, 3) OVER (PARTITION BY region ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS third
FROM orders
ORDER BY region;

-- statistics of prices
SELECT ROUND(STDDEV_SAMP(price), 4) AS sd, ROUND(VAR_POP(price), 4) AS var, ROUND(STD(price), 4) AS std
FROM products;

-- bits
SELECT id, id & 1 AS odd, id | 8 AS with_eight, id ^ 5 AS x, id << 2 AS shifted, id >> 1 AS halved
FROM categories
ORDER BY id;

-- JSON values
SELECT id, JSON_VALUE(attributes, '$.color') AS color, JSON_EXTRACT(attributes, '$.size.w') AS width
FROM products
WHERE attributes IS NOT NULL
ORDER BY id;

-- JSON searched
SELECT id FROM products WHERE JSON_CONTAINS(attributes, '"eco"', '$.tags') ORDER BY id;

-- JSON paths that are there
SELECT id FROM products WHERE JSON_CONTAINS_PATH(attributes, 'one', '$.material') ORDER BY id;

-- lengths and keys of JSON
SELECT id, JSON_LENGTH(payload, '$.items') AS n, JSON_KEYS(payload) AS named, JSON_TYPE(JSON_EXTRACT(payload, '$.meta')) AS kind
FROM events
WHERE payload IS NOT NULL
ORDER BY id LIMIT 20;

-- JSON of a group
SELECT region, JSON_ARRAYAGG(id) AS ids
FROM (SELECT region, MIN(id) AS id FROM customers GROUP BY region) AS f
GROUP BY region
ORDER BY region;

-- an object of a group
SELECT status, JSON_OBJECTAGG(status, n) AS counted
FROM (SELECT status, COUNT(*) AS n FROM orders GROUP BY status) AS s
GROUP BY status
ORDER BY status;

-- built JSON
SELECT id, JSON_OBJECT('name', name, 'region', region) AS document, JSON_ARRAY(id, name, NULL) AS list
FROM customers
WHERE id <= 3
ORDER BY id;

-- JSON changed in the answer
SELECT id, JSON_SET(attributes, '$.color', 'grey') AS repainted, JSON_REMOVE(attributes, '$.tags') AS less
FROM products
WHERE id < 4
ORDER BY id;

-- a hash of a text
SELECT id, MD5(name) AS m, SHA2(name, 256) AS s, CRC32(name) AS c
FROM products
WHERE id <= 3
ORDER BY id;

-- text in hexadecimal and base 64
SELECT id, HEX(sku) AS h, TO_BASE64(sku) AS b, CONV(id, 10, 2) AS bits
FROM products
WHERE id <= 5
ORDER BY id;

-- a list of values as a relation
SELECT v.code, COUNT(o.id) AS n
FROM (SELECT 'new' AS code UNION ALL SELECT 'paid' UNION ALL SELECT 'lost') AS v
LEFT JOIN orders o ON o.status = v.code
GROUP BY v.code
ORDER BY v.code;

-- the path of each category
WITH RECURSIVE p AS (SELECT id, name, CAST(name AS CHAR(500)) AS path FROM categories WHERE parent_id IS NULL UNION ALL SELECT c.id, c.name, CONCAT(p.path, ' > ', c.name) FROM categories c JOIN p ON c.parent_id = p.id)
SELECT id, path
FROM p
ORDER BY path;

-- order by an alias of an expression
SELECT id, quantity * 2 AS doubled
FROM (SELECT product_id AS id, quantity FROM stock WHERE warehouse = 'south') AS s
ORDER BY doubled DESC, id LIMIT 10;

-- grouped by an alias
SELECT LEFT(name, 1) AS initial, COUNT(*) AS n
FROM customers
GROUP BY initial
HAVING n > 2
ORDER BY initial;

-- double quotes around text
SELECT id, "text" AS word FROM customers WHERE region = "EU" ORDER BY id LIMIT 3;

-- a backslash in text
SELECT 'a\'b' AS quote, 'tab\tstop' AS tabbed, 'c:\\dir' AS path;

-- limits in a sub-query
SELECT c.name
FROM customers c
JOIN (SELECT customer_id, SUM(total) AS t FROM orders GROUP BY customer_id ORDER BY t DESC, customer_id LIMIT 5) AS best ON best.customer_id = c.id
ORDER BY best.t DESC, c.id;
