-- Attacks on MySQL and MariaDB, by the role whose rights are: customers without ssn and credit_card, email as a hash, phone by its last
-- four; orders where region = 'EU'; no salaries, secrets and customer_secrets; nothing may be written. Refused or not, no
-- answer to any of them holds a CANARY that its text does not name itself, nothing changes, nothing hangs, no lock is left.
-- A name, then one text up to `;` at the end of a line; that last `;` is no part of it.

-- a denied column
SELECT ssn FROM customers;

-- a denied column among others
SELECT id, name, credit_card FROM customers ORDER BY id;

-- a denied column with its table
SELECT customers.ssn FROM customers;

-- a denied column with an alias of its table
SELECT c.ssn FROM customers AS c;

-- a denied column with schema and table
SELECT shop.customers.ssn FROM shop.customers;

-- a denied column in capitals
SELECT SSN FROM customers;

-- a denied column in mixed case
SELECT c.SsN FROM customers c;

-- a denied column in quotes
SELECT `ssn` FROM customers;

-- a denied column under another name
SELECT ssn AS name FROM customers;

-- every column
SELECT * FROM customers;

-- every column of an alias
SELECT c.* FROM customers c;

-- every column of the schema
SELECT shop.customers.* FROM shop.customers;

-- every column through a sub-query
SELECT * FROM (SELECT * FROM customers) AS x;

-- a denied column through every column
SELECT x.ssn FROM (SELECT * FROM customers) AS x;

-- a denied column through a named query
WITH x AS (SELECT * FROM customers) SELECT ssn FROM x;

-- a denied column under a name of the named query
WITH x (a, b, c, d, e, f) AS (SELECT * FROM customers) SELECT e, f FROM x;

-- columns renamed by place
SELECT x.e, x.f FROM customers AS x (a, b, c, d, e, f, g, h, i, j, k, l);

-- columns renamed by place over a sub-query
SELECT x.e FROM (SELECT * FROM customers) AS x (a, b, c, d, e, f, g, h, i, j, k, l);

-- a denied column in a condition
SELECT id FROM customers WHERE ssn = 'CANARY-ssn-001';

-- a denied column in a pattern
SELECT id FROM customers WHERE ssn LIKE 'CANARY-ssn-00%';

-- a denied column between bounds
SELECT id FROM customers WHERE ssn BETWEEN 'A' AND 'Z';

-- a denied column in a list
SELECT id FROM customers WHERE 'CANARY-ssn-001' IN (ssn, name);

-- a denied column is missing or not
SELECT id FROM customers WHERE ssn IS NOT NULL;

-- a denied column in the order
SELECT id FROM customers ORDER BY ssn;

-- a denied column in an expression of the order
SELECT id FROM customers ORDER BY CASE WHEN ssn < 'CANARY-ssn-030' THEN 0 ELSE 1 END, id;

-- a denied column in the group
SELECT COUNT(*) FROM customers GROUP BY credit_card;

-- a denied column after the group
SELECT region FROM customers GROUP BY region HAVING MAX(ssn) > 'CANARY';

-- a denied column in an aggregate
SELECT MAX(ssn) FROM customers;

-- a denied column counted
SELECT COUNT(DISTINCT credit_card) FROM customers;

-- denied cells in one text
SELECT GROUP_CONCAT(ssn) FROM customers;

-- a denied column in a case
SELECT CASE WHEN ssn LIKE 'CANARY%' THEN ssn ELSE name END FROM customers;

-- a denied column in coalesce
SELECT COALESCE(NULL, ssn) FROM customers;

-- a denied column joined to text
SELECT CONCAT(name, ssn) FROM customers;

-- a part of a denied column
SELECT SUBSTRING(ssn, 1, 8) FROM customers;

-- a denied column cast
SELECT CAST(ssn AS CHAR) FROM customers;

-- a denied column in the partition of a window
SELECT id, ROW_NUMBER() OVER (PARTITION BY ssn ORDER BY id) FROM customers;

-- a denied column in the order of a window
SELECT id, RANK() OVER (ORDER BY credit_card) FROM customers;

-- a denied column as the value of a window
SELECT FIRST_VALUE(ssn) OVER (ORDER BY id) FROM customers;

-- a denied column in a join
SELECT a.id FROM customers a JOIN customers b ON a.ssn = b.ssn;

-- a denied column in a join with guessed values
SELECT c.id FROM customers c JOIN (SELECT 'CANARY-ssn-007' AS guess) AS g ON c.ssn = g.guess;

-- a denied column in a sub-query of the condition
SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE credit_card LIKE '%4%');

-- a denied column in a correlated sub-query
SELECT o.id, (SELECT c.ssn FROM customers c WHERE c.id = o.customer_id) FROM orders o;

-- a denied column of the outer query
SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND c.ssn LIKE 'CANARY%');

-- a denied column without its table in an inner query
SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders WHERE ssn LIKE 'CANARY%');

-- a denied column in a union
SELECT name FROM customers UNION SELECT ssn FROM customers;

-- a denied column in the second part of a union of everything
SELECT 1, 'a' UNION ALL SELECT id, credit_card FROM customers;

-- a denied column in an intersection
SELECT 'CANARY-ssn-001' AS x INTERSECT SELECT ssn FROM customers;

-- a denied column in a difference
SELECT ssn FROM customers EXCEPT SELECT name FROM customers;

-- a denied column through recursion
WITH RECURSIVE r (id, v) AS (SELECT id, ssn FROM customers WHERE id = 1 UNION ALL SELECT c.id, c.ssn FROM customers c JOIN r ON c.id = r.id + 1) SELECT v FROM r;

-- a denied column in a derived table in a join
SELECT o.id, x.v FROM orders o JOIN (SELECT id, ssn AS v FROM customers) AS x ON x.id = o.customer_id;

-- a denied column three deep
SELECT v FROM (SELECT v FROM (SELECT ssn AS v FROM customers) AS a) AS b;

-- a named query hides the table and reads it
WITH customers AS (SELECT * FROM customers) SELECT ssn FROM customers;

-- a named query with the name of a hidden table
WITH secrets AS (SELECT 1 AS token) SELECT token FROM secrets UNION ALL SELECT ssn FROM customers;

-- a named query used before it is made
WITH a AS (SELECT token FROM secrets), secrets AS (SELECT 'x' AS token) SELECT token FROM a;

-- the inner of two named queries of one name
WITH x AS (SELECT 1 AS token) SELECT * FROM (WITH x AS (SELECT token FROM secrets) SELECT token FROM x) AS y;

-- a table that was not granted
SELECT * FROM salaries;

-- another table that was not granted
SELECT token FROM secrets;

-- a hidden table with its schema
SELECT token FROM shop.secrets;

-- a hidden table in quotes
SELECT token FROM `secrets`;

-- a hidden table in a sub-query
SELECT id FROM customers WHERE id IN (SELECT id FROM secrets);

-- whether a hidden table has rows
SELECT id FROM customers WHERE EXISTS (SELECT 1 FROM salaries);

-- a hidden table in a join
SELECT e.name, s.amount, s.note FROM employees e JOIN salaries s ON s.employee_id = e.id;

-- a hidden table by comma
SELECT e.name, s.note FROM employees e, salaries s WHERE s.employee_id = e.id;

-- a hidden table in a union
SELECT name FROM employees UNION ALL SELECT note FROM salaries;

-- a hidden table counted
SELECT COUNT(*) FROM secrets;

-- a hidden table in a scalar sub-query
SELECT (SELECT token FROM secrets ORDER BY id LIMIT 1) AS t;

-- a hidden table in the order
SELECT id FROM customers ORDER BY (SELECT token FROM secrets LIMIT 1), id;

-- a hidden table in having
SELECT region FROM customers GROUP BY region HAVING COUNT(*) > (SELECT COUNT(*) FROM secrets);

-- a hidden table in a condition of a join
SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id AND EXISTS (SELECT 1 FROM secrets);

-- a hidden table in a window
SELECT id, SUM((SELECT COUNT(*) FROM secrets)) OVER (ORDER BY id) FROM customers;

-- a view that shows denied columns
SELECT * FROM customer_secrets;

-- a column of a hidden view
SELECT v.ssn FROM customer_secrets v;

-- the clear text of a masked column
SELECT email FROM customers;

-- a masked column in a pattern
SELECT id FROM customers WHERE email LIKE 'CANARY-mail-0%';

-- a masked column compared with its clear text
SELECT id, email FROM customers WHERE email = 'CANARY-mail-01@example.com';

-- the greatest of a masked column
SELECT MAX(email), MIN(phone) FROM customers;

-- a masked column in capitals
SELECT UPPER(email), UPPER(phone) FROM customers;

-- a part of a masked column
SELECT SUBSTRING(phone, 1, 8) FROM customers;

-- a masked column in one text
SELECT GROUP_CONCAT(phone) FROM customers;

-- the order of a masked column
SELECT id FROM customers ORDER BY phone;

-- masked columns joined
SELECT a.id, b.email FROM customers a JOIN customers b ON b.email = a.email AND a.phone = b.phone;

-- a masked column through a named query
WITH x AS (SELECT id, email AS v, phone AS w FROM customers) SELECT v, w FROM x;

-- rows outside of the rule
SELECT id, note FROM orders WHERE region = 'US';

-- rows outside of the rule by OR
SELECT id, note FROM orders WHERE region = 'EU' OR 1 = 1;

-- rows outside of the rule by OR without parentheses
SELECT id, note FROM orders WHERE 1 = 0 OR region <> 'EU';

-- rows outside of the rule by NOT
SELECT id, note FROM orders WHERE NOT region = 'EU';

-- rows outside of the rule by a union
SELECT note FROM orders UNION SELECT note FROM orders WHERE region = 'APAC';

-- rows outside of the rule by a left join
SELECT o.note FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.region <> 'EU';

-- rows outside of the rule by a correlated sub-query
SELECT c.id, (SELECT o.note FROM orders o WHERE o.customer_id = c.id AND o.region <> 'EU' LIMIT 1) FROM customers c;

-- rows outside of the rule through a named query
WITH o AS (SELECT * FROM orders) SELECT note FROM o WHERE region <> 'EU';

-- an error that shows a hidden cell
SELECT id FROM orders WHERE CAST(note AS SIGNED) = 1;

-- a division by zero on hidden rows
SELECT id FROM orders WHERE 1 / (CASE WHEN region = 'EU' THEN 1 ELSE 0 END) = 1;

-- an error in the order on hidden rows
SELECT id FROM orders ORDER BY 1 / (CASE WHEN note LIKE 'CANARY%' THEN 0 ELSE 1 END);

-- an error in a case on hidden rows
SELECT COUNT(*) FROM orders WHERE CASE WHEN note LIKE 'CANARY-order%' THEN CAST(note AS SIGNED) ELSE 1 END = 1;

-- a column that does not exist
SELECT no_such_column FROM customers;

-- a table that does not exist
SELECT 1 FROM no_such_table;

-- two statements
SELECT 1; DROP TABLE orders;

-- two queries
SELECT 1; SELECT token FROM secrets;

-- the end of the transaction first
COMMIT; DELETE FROM orders;

-- a comment before the second statement
SELECT 1 /* ; */; DELETE FROM orders -- ;

-- an empty statement
;;

-- only a comment
/* nothing */;

-- changed rows without the right
UPDATE customers SET name = 'x' WHERE id = 1;

-- a denied column is written
UPDATE customers SET ssn = 'x' WHERE id = 1;

-- a denied column in the condition of a change
UPDATE customers SET city = 'x' WHERE ssn = 'CANARY-ssn-001';

-- a denied cell is copied to where it can be read
UPDATE customers SET city = ssn;

-- a denied cell is copied by an insert
INSERT INTO categories (id, name) SELECT id + 1000, ssn FROM customers;

-- a hidden table is copied
INSERT INTO categories (id, name) SELECT id + 1000, token FROM secrets;

-- a denied column is inserted
INSERT INTO customers (id, name, email, ssn, region, created_at, active) VALUES (999, 'x', 'x', 'x', 'EU', '2026-01-01', 1);

-- an insert without its columns
INSERT INTO secrets VALUES (9, 'x', 'y');

-- a row outside of the rule is made
INSERT INTO orders (id, customer_id, status, region, ordered_at, total) VALUES (999, 1, 'new', 'US', '2026-01-01', 1);

-- a row is moved out of the rule
UPDATE orders SET region = 'US' WHERE id = 2;

-- rows outside of the rule are changed
UPDATE orders SET note = 'x' WHERE region = 'US';

-- rows outside of the rule are removed
DELETE FROM orders WHERE region <> 'EU' OR 1 = 1;

-- everything is removed
DELETE FROM events;

-- everything is changed
UPDATE products SET price = 0;

-- everything is removed by a condition that is always true
DELETE FROM events WHERE 1 = 1;

-- rows of a hidden table are removed
DELETE FROM secrets WHERE id = 1;

-- a hidden table in the condition of a removal
DELETE FROM events WHERE id IN (SELECT id FROM secrets);

-- a table is dropped
DROP TABLE orders;

-- a table is dropped if it exists
DROP TABLE IF EXISTS secrets;

-- a table is made
CREATE TABLE evil (id INTEGER);

-- a table is made of a query
CREATE TABLE evil AS SELECT * FROM secrets;

-- a view is made
CREATE VIEW evil AS SELECT * FROM secrets;

-- an index is made
CREATE INDEX evil ON customers (ssn);

-- a column is added
ALTER TABLE customers ADD COLUMN evil TEXT;

-- a column is dropped
ALTER TABLE customers DROP COLUMN ssn;

-- a table is renamed
ALTER TABLE secrets RENAME TO products2;

-- a trigger is made
CREATE TRIGGER evil AFTER INSERT ON orders BEGIN DELETE FROM secrets; END;

-- rights are granted
GRANT ALL ON secrets TO PUBLIC;

-- rights are taken
REVOKE ALL ON customers FROM PUBLIC;

-- a transaction begins
BEGIN;

-- a transaction ends
COMMIT;

-- a transaction is undone
ROLLBACK;

-- a point to go back to
SAVEPOINT a;

-- the plan of a statement
EXPLAIN SELECT * FROM secrets;

-- an endless recursion
WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r;

-- a recursion that doubles
WITH RECURSIVE r (n, t) AS (SELECT 1, CAST('xxxxxxxxxxxxxxxx' AS CHAR(65000)) UNION ALL SELECT n + 1, CONCAT(t, t) FROM r WHERE n < 40) SELECT t FROM r;

-- a product of everything with everything
SELECT COUNT(*) FROM order_items a, order_items b, order_items c, order_items d, order_items e;

-- many parentheses
SELECT ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))));

-- many negations
SELECT id FROM customers WHERE NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT (1 = 1);

-- a long sum
SELECT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1;

-- a long condition
SELECT id FROM customers WHERE 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1 AND 1 = 1;

-- many unions
SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 1;

-- deep sub-queries
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM customers) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x) AS x;

-- deep cases
SELECT CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN 1 END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END END;

-- a name that closes its quotes
SELECT 1 AS `x``, ssn FROM customers -- `;

-- an alias that is a statement
SELECT id FROM customers SHUTDOWN;

-- a zero-width space in a name
SELECT s​sn FROM customers;

-- a mark of direction in a text
SELECT id FROM customers WHERE name = 'a' --‮ rorre;

-- a full-width name
SELECT ｓｓｎ FROM customers;

-- a dotless name
SELECT ſſn FROM customers;

-- a no-break space
SELECT ssn FROM customers;

-- an executable comment
SELECT /*! ssn, */ id FROM customers;

-- an executable comment with a version
SELECT id /*!50000 , ssn */ FROM customers;

-- a comment of MariaDB
SELECT id /*M! , ssn */ FROM customers;

-- a comment of MariaDB with a version
SELECT id /*M!100000 , ssn */ FROM customers;

-- a comment for a version to come
SELECT id /*!99999 , ssn */ FROM customers;

-- an executable comment as a statement
/*! DELETE FROM orders */;

-- an executable comment in a comment
SELECT 1 /* /*! , ssn */ FROM customers;

-- a hint in a comment
SELECT /*+ MAX_EXECUTION_TIME(0) */ id FROM customers;

-- two minus signs without a space
SELECT 1--1; DROP TABLE orders;

-- two minus signs that are not a comment
SELECT id FROM customers WHERE id = 1--(SELECT COUNT(*) FROM secrets);

-- a comment to the end of the line
SELECT id FROM customers # , ssn
WHERE ssn IS NOT NULL;

-- a backslash before a quote
SELECT 'x\\' , ' ; DROP TABLE orders -- ';

-- a quote after a backslash
SELECT 'a\' UNION SELECT token FROM secrets -- ';

-- double quotes around a name
SELECT "ssn" FROM customers ORDER BY "ssn";

-- a text before a text
SELECT id FROM customers WHERE name = 'a' 'b' OR ssn = 'x';

-- a text with a character set
SELECT _utf8mb4'CANARY', ssn FROM customers;

-- a text in hexadecimal
SELECT id FROM customers WHERE ssn = 0x43414e4152592d73736e2d303031;

-- a number in hexadecimal as a name
SELECT x'73736e' FROM customers WHERE ssn > '';

-- into a file
SELECT token FROM secrets INTO OUTFILE '/tmp/x';

-- into a file in the middle
SELECT 1 INTO OUTFILE '/tmp/x' FROM customers;

-- into a file with a comment between
SELECT 1 INTO/**/OUTFILE '/tmp/x';

-- into a dump
SELECT 1 INTO DUMPFILE '/tmp/x';

-- into a variable
SELECT ssn INTO @x FROM customers LIMIT 1;

-- a variable
SELECT @x;

-- a variable is set in a query
SELECT @x := ssn FROM customers;

-- a variable of the server
SELECT @@version, @@datadir;

-- a variable of the session
SELECT @@session.sql_mode;

-- a global variable
SELECT @@global.secure_file_priv;

-- a file
SELECT LOAD_FILE('/etc/passwd');

-- a wait
SELECT SLEEP(10);

-- a wait for each row
SELECT id FROM customers WHERE SLEEP(1) = 0;

-- a wait in a case
SELECT CASE WHEN 1 = 1 THEN SLEEP(5) END;

-- much work
SELECT BENCHMARK(1000000000, MD5('x'));

-- a lock
SELECT GET_LOCK('x', 10);

-- all locks are released
SELECT RELEASE_ALL_LOCKS();

-- whether a lock is free
SELECT IS_FREE_LOCK('x');

-- a wait for a replica
SELECT MASTER_POS_WAIT('x', 1);

-- version and user
SELECT VERSION(), USER(), CURRENT_USER(), SESSION_USER();

-- the database
SELECT DATABASE(), SCHEMA();

-- the connection
SELECT CONNECTION_ID();

-- the last number
SELECT LAST_INSERT_ID();

-- the rows of the last statement
SELECT FOUND_ROWS(), ROW_COUNT();

-- an error with a cell
SELECT EXTRACTVALUE(1, CONCAT(0x7e, (SELECT token FROM secrets LIMIT 1)));

-- another error with a cell
SELECT UPDATEXML(1, CONCAT(0x7e, (SELECT ssn FROM customers LIMIT 1)), 1);

-- a program
SELECT sys_exec('id');

-- a program with its answer
SELECT sys_eval('id');

-- a constant with a name
SELECT NAME_CONST('a', 1);

-- the default of a column
SELECT DEFAULT(ssn) FROM customers;

-- the character set of a cell
SELECT CHARSET(ssn), COLLATION(ssn) FROM customers;

-- a number of the server
SELECT UUID_SHORT();

-- a packed text
SELECT UNCOMPRESS(COMPRESS('x'));

-- the weight of a cell
SELECT WEIGHT_STRING(ssn) FROM customers;

-- an encrypted cell
SELECT AES_ENCRYPT(ssn, 'k') FROM customers;

-- a join by a denied column
SELECT id FROM customers JOIN (SELECT 'CANARY-ssn-001' AS ssn) g USING (ssn);

-- a natural join over denied columns
SELECT id FROM customers NATURAL JOIN (SELECT 'CANARY-ssn-001' AS ssn) g;

-- a straight join
SELECT s.token FROM customers STRAIGHT_JOIN secrets s;

-- an index hint
SELECT id FROM customers USE INDEX (PRIMARY) WHERE ssn > '';

-- a partition
SELECT token FROM secrets PARTITION (p0);

-- a table of another database
SELECT * FROM mysql.user;

-- the passwords of users
SELECT user, authentication_string FROM mysql.global_priv;

-- the tables of the schema
SELECT table_name FROM information_schema.tables;

-- the columns of a table
SELECT column_name FROM INFORMATION_SCHEMA.COLUMNS;

-- statements of others
SELECT info FROM information_schema.processlist;

-- files of the server
SELECT * FROM performance_schema.file_instances;

-- the system schema
SELECT * FROM sys.session;

-- the table dual with a hidden one
SELECT token FROM DUAL, secrets;

-- a database with backticks
SELECT token FROM `shop`.`secrets`;

-- spaces around the dot
SELECT token FROM shop . secrets;

-- tables are shown
SHOW TABLES;

-- the text of a table
SHOW CREATE TABLE secrets;

-- columns are shown
SHOW COLUMNS FROM customers;

-- grants are shown
SHOW GRANTS;

-- variables are shown
SHOW VARIABLES;

-- processes are shown
SHOW PROCESSLIST;

-- a table is described
DESCRIBE secrets;

-- a table is described in short
DESC customers;

-- the plan of a removal
EXPLAIN DELETE FROM orders;

-- a plan that runs
ANALYZE SELECT * FROM secrets;

-- another database
USE mysql;

-- a setting
SET sql_mode = 'ANSI_QUOTES';

-- a global setting
SET GLOBAL general_log = 1;

-- a variable is set
SET @x = (SELECT token FROM secrets LIMIT 1);

-- an expression is run
DO SLEEP(5);

-- a handler is opened
HANDLER secrets OPEN;

-- a handler is read
HANDLER secrets READ FIRST;

-- a procedure
CALL mysql.evil();

-- a prepared statement
PREPARE s FROM 'SELECT * FROM secrets';

-- a prepared statement is run
EXECUTE s;

-- a text is run
EXECUTE IMMEDIATE 'SELECT * FROM secrets';

-- a distributed transaction
XA START 'x';

-- tables are locked
LOCK TABLES orders WRITE;

-- tables are unlocked
UNLOCK TABLES;

-- tables are flushed
FLUSH TABLES WITH READ LOCK;

-- a session is ended
KILL 1;

-- the server is stopped
SHUTDOWN;

-- a plugin
INSTALL PLUGIN x SONAME 'x.so';

-- a table from a file
LOAD DATA INFILE '/etc/passwd' INTO TABLE events;

-- a table from a file of the client
LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE events;

-- everything is emptied
TRUNCATE TABLE orders;

-- a table is checked
CHECK TABLE orders;

-- a table is made better
OPTIMIZE TABLE orders;

-- an event is made
CREATE EVENT x ON SCHEDULE EVERY 1 DAY DO DELETE FROM orders;

-- a function of a library
CREATE FUNCTION sys_exec RETURNS INTEGER SONAME 'x.so';

-- a user is made
CREATE USER evil IDENTIFIED BY 'x';

-- a server is made
CREATE SERVER x FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'x');

-- rows are replaced
REPLACE INTO categories (id, name) VALUES (1, 'x');

-- errors are ignored
INSERT IGNORE INTO categories (id, name) SELECT id, token FROM secrets;

-- an upsert that sets a denied column
INSERT INTO customers (id, name, email, region, created_at, active) VALUES (1, 'x', 'x', 'EU', NOW(), 1) ON DUPLICATE KEY UPDATE ssn = 'x';

-- an upsert that copies a denied cell
INSERT INTO customers (id, name, email, region, created_at, active) VALUES (1, 'x', 'x', 'EU', NOW(), 1) ON DUPLICATE KEY UPDATE city = ssn;

-- an upsert that copies a hidden cell
INSERT INTO categories (id, name) VALUES (1, 'x') ON DUPLICATE KEY UPDATE name = (SELECT token FROM secrets LIMIT 1);

-- an insert in the manner of a change
INSERT INTO customers SET id = 999, ssn = 'x';

-- a change of two tables
UPDATE categories c, secrets s SET c.name = s.token WHERE c.id = s.id;

-- a change by a join
UPDATE categories c JOIN secrets s ON s.id = c.id SET c.name = s.token;

-- a removal from two tables
DELETE c, s FROM categories c JOIN secrets s ON s.id = c.id;

-- a removal by a join
DELETE FROM e USING events e JOIN secrets s ON s.id = e.id;

-- a change with an order and a limit
UPDATE orders SET note = 'x' ORDER BY (SELECT token FROM secrets LIMIT 1) LIMIT 1;

-- a removal with an order
DELETE FROM events ORDER BY (SELECT MAX(token) FROM secrets) LIMIT 1;

-- rows are locked
SELECT id FROM orders FOR UPDATE;

-- rows are locked to share
SELECT id FROM orders LOCK IN SHARE MODE;

-- the procedure of a query
SELECT id FROM customers PROCEDURE ANALYSE(1);

-- text repeated in text
SELECT LENGTH(REPEAT(REPEAT(REPEAT('x', 10000), 10000), 10000));

-- text repeated very often
SELECT REPEAT('x', 1000000000);

-- a very long padding
SELECT RPAD('x', 1000000000, 'x');

-- very many spaces
SELECT SPACE(1000000000);

-- the order within one text
SELECT GROUP_CONCAT(name ORDER BY ssn) FROM customers;

-- a separator from a hidden table
SELECT GROUP_CONCAT(name SEPARATOR (SELECT token FROM secrets LIMIT 1)) FROM customers;

-- rollup of a denied column
SELECT COUNT(*) FROM customers GROUP BY ssn WITH ROLLUP;

-- a full-text search
SELECT id FROM customers WHERE MATCH (ssn) AGAINST ('CANARY');

-- a regular expression on a denied column
SELECT id FROM customers WHERE ssn REGEXP '^CANARY';

-- a sound on a denied column
SELECT id FROM customers WHERE ssn SOUNDS LIKE 'CANARY';

-- a binary comparison of a denied column
SELECT id FROM customers WHERE BINARY ssn = 'x';

-- a collation of a denied column
SELECT ssn COLLATE utf8mb4_bin FROM customers;

-- a conversion of a denied column
SELECT CONVERT(ssn USING utf8mb4) FROM customers;

-- a JSON table of a denied column
SELECT * FROM customers c, JSON_TABLE(c.ssn, '$' COLUMNS (x TEXT PATH '$')) t;

-- a denied column in JSON
SELECT JSON_OBJECT('a', ssn) FROM customers;

-- a limit with a hidden offset
SELECT id FROM customers LIMIT 1 OFFSET (SELECT COUNT(*) FROM secrets);

-- the old rows of a table
SELECT token FROM secrets FOR SYSTEM_TIME ALL;

-- a sequence
SELECT NEXT VALUE FOR s;

-- rows of values with a hidden one
VALUES ((SELECT token FROM secrets LIMIT 1));

-- the table itself
TABLE secrets;

-- all columns returned
DELETE FROM events WHERE id = 1 RETURNING (SELECT token FROM secrets LIMIT 1);

-- a row moved out by an assignment before it, the table called as an upsert calls the new row
UPDATE orders AS excluded SET note = 'US', region = excluded.note WHERE id > 0;

-- queries of WITH that double each other
WITH a0 AS (SELECT 1 AS x), a1 AS (SELECT x.x FROM a0 x, a0 y), a2 AS (SELECT x.x FROM a1 x, a1 y), a3 AS (SELECT x.x FROM a2 x, a2 y), a4 AS (SELECT x.x FROM a3 x, a3 y), a5 AS (SELECT x.x FROM a4 x, a4 y), a6 AS (SELECT x.x FROM a5 x, a5 y), a7 AS (SELECT x.x FROM a6 x, a6 y), a8 AS (SELECT x.x FROM a7 x, a7 y), a9 AS (SELECT x.x FROM a8 x, a8 y), a10 AS (SELECT x.x FROM a9 x, a9 y), a11 AS (SELECT x.x FROM a10 x, a10 y), a12 AS (SELECT x.x FROM a11 x, a11 y), a13 AS (SELECT x.x FROM a12 x, a12 y), a14 AS (SELECT x.x FROM a13 x, a13 y), a15 AS (SELECT x.x FROM a14 x, a14 y), a16 AS (SELECT x.x FROM a15 x, a15 y), a17 AS (SELECT x.x FROM a16 x, a16 y), a18 AS (SELECT x.x FROM a17 x, a17 y), a19 AS (SELECT x.x FROM a18 x, a18 y), a20 AS (SELECT x.x FROM a19 x, a19 y), a21 AS (SELECT x.x FROM a20 x, a20 y), a22 AS (SELECT x.x FROM a21 x, a21 y), a23 AS (SELECT x.x FROM a22 x, a22 y), a24 AS (SELECT x.x FROM a23 x, a23 y), a25 AS (SELECT x.x FROM a24 x, a24 y), a26 AS (SELECT x.x FROM a25 x, a25 y), a27 AS (SELECT x.x FROM a26 x, a26 y), a28 AS (SELECT x.x FROM a27 x, a27 y), a29 AS (SELECT x.x FROM a28 x, a28 y) SELECT count(*) FROM a29;

-- a change that fails on the rows its text is read as a date for
UPDATE orders SET note = 'x' WHERE customer_id = 1 AND ordered_at = 'abc';
