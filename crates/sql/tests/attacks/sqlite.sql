-- Attacks on SQLite, by the role whose rights are: customers without ssn and credit_card, email as a hash, phone by its last
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
SELECT main.customers.ssn FROM main.customers;

-- a denied column in capitals
SELECT SSN FROM customers;

-- a denied column in mixed case
SELECT c.SsN FROM CuStOmErS c;

-- a denied column in quotes
SELECT "ssn" FROM customers;

-- a denied column under another name
SELECT ssn AS name FROM customers;

-- every column
SELECT * FROM customers;

-- every column of an alias
SELECT c.* FROM customers c;

-- every column of the schema
SELECT main.customers.* FROM main.customers;

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
SELECT group_concat(ssn) FROM customers;

-- a denied column in a case
SELECT CASE WHEN ssn LIKE 'CANARY%' THEN ssn ELSE name END FROM customers;

-- a denied column in coalesce
SELECT COALESCE(NULL, ssn) FROM customers;

-- a denied column joined to text
SELECT name || ssn FROM customers;

-- a part of a denied column
SELECT substr(ssn, 1, 8) FROM customers;

-- a denied column cast
SELECT CAST(ssn AS TEXT) FROM customers;

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
SELECT token FROM main.secrets;

-- a hidden table in quotes
SELECT token FROM "secrets";

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
SELECT substr(phone, 1, 8) FROM customers;

-- a masked column in one text
SELECT group_concat(phone) FROM customers;

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
SELECT id FROM orders WHERE CAST(note AS INTEGER) = 1;

-- a division by zero on hidden rows
SELECT id FROM orders WHERE 1 / (CASE WHEN region = 'EU' THEN 1 ELSE 0 END) = 1;

-- an error in the order on hidden rows
SELECT id FROM orders ORDER BY 1 / (CASE WHEN note LIKE 'CANARY%' THEN 0 ELSE 1 END);

-- an error in a case on hidden rows
SELECT COUNT(*) FROM orders WHERE CASE WHEN note LIKE 'CANARY-order%' THEN abs(-9223372036854775807 - 1) ELSE 1 END = 1;

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
WITH RECURSIVE r (n, t) AS (SELECT 1, CAST('xxxxxxxxxxxxxxxx' AS TEXT) UNION ALL SELECT n + 1, t || t FROM r WHERE n < 40) SELECT t FROM r;

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
SELECT 1 AS "x"", ssn FROM customers --";

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

-- the text of the schema
SELECT sql FROM sqlite_master;

-- the schema by its newer name
SELECT * FROM sqlite_schema;

-- the schema of another database
SELECT * FROM temp.sqlite_master;

-- the schema in quotes
SELECT * FROM "sqlite_master";

-- the schema in capitals
SELECT name FROM SQLITE_MASTER;

-- sequences
SELECT * FROM sqlite_sequence;

-- statistics
SELECT * FROM sqlite_stat1;

-- samples of cells
SELECT sample FROM sqlite_stat4;

-- pages of tables
SELECT * FROM dbstat;

-- the content of pages
SELECT * FROM sqlite_dbpage;

-- the columns of a table by a function
SELECT * FROM pragma_table_info('customers');

-- the tables by a function
SELECT * FROM pragma_table_list;

-- functions by a function
SELECT * FROM pragma_function_list;

-- the compile options
SELECT * FROM pragma_compile_options;

-- a pragma with a quoted name
SELECT * FROM "pragma_table_info"('secrets');

-- a pragma of the main schema
SELECT * FROM main.pragma_table_info('secrets');

-- a pragma
PRAGMA table_info(customers);

-- a pragma that writes
PRAGMA writable_schema = ON;

-- a pragma of the journal
PRAGMA journal_mode = DELETE;

-- a pragma of the user version
PRAGMA user_version = 7;

-- another database is attached
ATTACH DATABASE '/tmp/x.db' AS x;

-- a database is detached
DETACH DATABASE main;

-- the database is rebuilt
VACUUM;

-- the database is copied
VACUUM INTO '/tmp/x.db';

-- an index is rebuilt
REINDEX;

-- statistics are made
ANALYZE;

-- a virtual table
CREATE VIRTUAL TABLE x USING fts5(a);

-- a table for a session
CREATE TEMP TABLE x AS SELECT * FROM secrets;

-- a view for a session
CREATE TEMP VIEW customers AS SELECT * FROM secrets;

-- a trigger for a session
CREATE TEMP TRIGGER x AFTER UPDATE ON orders BEGIN SELECT 1; END;

-- the schema is written
UPDATE sqlite_master SET sql = 'x';

-- a row of the schema is removed
DELETE FROM sqlite_schema;

-- the plan
EXPLAIN QUERY PLAN SELECT * FROM secrets;

-- code is loaded
SELECT load_extension('x');

-- code is loaded at an entry
SELECT load_extension('x', 'y');

-- a file is read
SELECT readfile('/etc/passwd');

-- a file is written
SELECT writefile('/tmp/x', 'x');

-- a file is edited
SELECT edit('x');

-- a tokenizer
SELECT fts3_tokenizer('simple');

-- a tokenizer with an address
SELECT fts3_tokenizer('x', x'00');

-- the version
SELECT sqlite_version(), sqlite_source_id();

-- a compile option
SELECT sqlite_compileoption_get(1);

-- changes so far
SELECT changes(), total_changes();

-- the last row
SELECT last_insert_rowid();

-- a line in the log
SELECT sqlite_log(1, 'x');

-- a huge blob
SELECT zeroblob(1000000000);

-- a huge blob in hexadecimal
SELECT hex(zeroblob(500000000));

-- a huge random blob
SELECT hex(randomblob(500000000));

-- a very wide format
SELECT printf('%1000000000d', 1);

-- a width of an argument
SELECT printf('%*d', 1000000000, 1);

-- a very precise format
SELECT format('%.1000000000f', 1.0);

-- text multiplied by replacement
SELECT length(replace(replace(replace('xxxxxxxxxxxxxxxx', 'x', 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'), 'y', 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz'), 'z', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'));

-- the tree of an index
SELECT rtreecheck('x');

-- full-text internals
SELECT fts5(1);

-- parts of full text
SELECT snippet(customers) FROM customers;

-- the number of a row
SELECT rowid, ssn FROM customers;

-- the number of a row of a hidden table
SELECT rowid FROM secrets;

-- the number of a row by another name
SELECT _rowid_, oid FROM customers;

-- a misspelt name in double quotes
SELECT "no_such_column" FROM customers;

-- a name in single quotes
SELECT 'ssn' FROM 'customers';

-- a name in single quotes after a dot
SELECT c.'ssn' FROM customers c;

-- a name in brackets
SELECT [ssn] FROM customers;

-- a name in backticks
SELECT `ssn` FROM customers;

-- a table in single quotes
SELECT token FROM 'secrets';

-- another database
SELECT token FROM temp.secrets;

-- a join by a denied column
SELECT id FROM customers JOIN (SELECT 'CANARY-ssn-001' AS ssn) g USING (ssn);

-- a natural join over denied columns
SELECT id FROM customers NATURAL JOIN (SELECT 'CANARY-ssn-001' AS ssn) g;

-- a natural left join with itself
SELECT * FROM customers a NATURAL LEFT JOIN customers b;

-- a denied column in a function with rows
SELECT t.value FROM customers c, json_each(json_array(c.ssn)) t;

-- a denied column as a tree
SELECT t.atom FROM customers c, json_tree(json_object('a', c.credit_card)) t;

-- a hidden argument of a function with rows
SELECT value FROM json_each((SELECT json_group_array(token) FROM secrets));

-- the hidden columns of a function with rows
SELECT json, root FROM json_each('[1]');

-- a function with rows without parentheses
SELECT * FROM json_each WHERE json = (SELECT json_group_array(token) FROM secrets);

-- a series
SELECT value FROM generate_series(1, 1000000000);

-- index hints
SELECT id FROM customers INDEXED BY sqlite_autoindex_customers_1 WHERE email > '';

-- no index
SELECT id FROM customers NOT INDEXED WHERE ssn > '';

-- a filter by a denied column
SELECT count(*) FILTER (WHERE ssn LIKE '%1') FROM customers;

-- the order of an aggregate
SELECT group_concat(name, ',' ORDER BY ssn) FROM customers;

-- a separator of a hidden table
SELECT group_concat(name, (SELECT token FROM secrets)) FROM customers;

-- a glob on a denied column
SELECT id FROM customers WHERE ssn GLOB 'CANARY*';

-- a match on a denied column
SELECT id FROM customers WHERE ssn MATCH 'CANARY';

-- a regular expression on a denied column
SELECT id FROM customers WHERE ssn REGEXP 'CANARY';

-- like as a function on a denied column
SELECT id FROM customers WHERE like('CANARY%', ssn);

-- a collation of a denied column
SELECT ssn COLLATE NOCASE FROM customers;

-- a denied column is or is not
SELECT id FROM customers WHERE ssn IS NOT 'x';

-- a denied column in JSON
SELECT json_object('a', ssn) FROM customers;

-- cells as JSON
SELECT json_group_array(credit_card) FROM customers;

-- a quoted cell
SELECT quote(ssn) FROM customers;

-- the type of a cell
SELECT typeof(ssn) FROM customers;

-- a denied column in a row
SELECT id FROM customers WHERE (id, ssn) > (1, 'a');

-- a hidden table in a list without parentheses
SELECT id FROM customers WHERE id IN secrets;

-- a named window over a denied column
SELECT id, rank() OVER w FROM customers WINDOW w AS (ORDER BY ssn);

-- a limit from a hidden table
SELECT id FROM customers LIMIT (SELECT count(*) FROM secrets);

-- an offset from a hidden table
SELECT id FROM customers LIMIT 1 OFFSET (SELECT count(*) FROM secrets);

-- values with a hidden cell
VALUES ((SELECT token FROM secrets));

-- a union with values
SELECT 'a' UNION VALUES ((SELECT ssn FROM customers));

-- a raised error
SELECT RAISE(ABORT, 'x');

-- rows are replaced
REPLACE INTO categories (id, name) SELECT id, token FROM secrets;

-- an insert that replaces
INSERT OR REPLACE INTO categories (id, name) VALUES (1, 'x');

-- a change that ignores
UPDATE OR IGNORE categories SET name = (SELECT token FROM secrets);

-- a change from another table
UPDATE categories SET name = s.token FROM secrets s WHERE s.id = categories.id;

-- denied columns returned
UPDATE customers SET city = 'x' WHERE id = 1 RETURNING ssn;

-- every column returned
DELETE FROM customers WHERE id = 59 RETURNING *;

-- a hidden cell returned
DELETE FROM events WHERE id = 1 RETURNING (SELECT token FROM secrets);

-- an upsert on a denied column
INSERT INTO customers (id, name, email, region, created_at, active) VALUES (1, 'x', 'x', 'EU', 'x', 1) ON CONFLICT (ssn) DO NOTHING;

-- an upsert that sets a denied column
INSERT INTO customers (id, name, email, region, created_at, active) VALUES (1, 'x', 'x', 'EU', 'x', 1) ON CONFLICT (id) DO UPDATE SET ssn = 'x';

-- an upsert that copies a denied cell
INSERT INTO customers (id, name, email, region, created_at, active) VALUES (1, 'x', 'x', 'EU', 'x', 1) ON CONFLICT (id) DO UPDATE SET city = customers.ssn;

-- defaults of a hidden table
INSERT INTO secrets DEFAULT VALUES;

-- a removal with a named query
WITH x AS (SELECT id FROM secrets) DELETE FROM events WHERE id IN (SELECT id FROM x);

-- the transaction at once
BEGIN IMMEDIATE;

-- a parameter
SELECT ?1, :a, @b, $c;

-- a hint in a comment
SELECT /*+ x */ id FROM customers;

-- an executable comment
SELECT /*! ssn, */ id FROM customers;

-- an unfinished comment
SELECT ssn FROM customers /* ;

-- an unfinished text
SELECT 'x;

-- a cell of a text with a zero
SELECT char(0) || ssn FROM customers;

-- queries of WITH that double each other
WITH a0 AS (SELECT 1 AS x), a1 AS (SELECT x.x FROM a0 x, a0 y), a2 AS (SELECT x.x FROM a1 x, a1 y), a3 AS (SELECT x.x FROM a2 x, a2 y), a4 AS (SELECT x.x FROM a3 x, a3 y), a5 AS (SELECT x.x FROM a4 x, a4 y), a6 AS (SELECT x.x FROM a5 x, a5 y), a7 AS (SELECT x.x FROM a6 x, a6 y), a8 AS (SELECT x.x FROM a7 x, a7 y), a9 AS (SELECT x.x FROM a8 x, a8 y), a10 AS (SELECT x.x FROM a9 x, a9 y), a11 AS (SELECT x.x FROM a10 x, a10 y), a12 AS (SELECT x.x FROM a11 x, a11 y), a13 AS (SELECT x.x FROM a12 x, a12 y), a14 AS (SELECT x.x FROM a13 x, a13 y), a15 AS (SELECT x.x FROM a14 x, a14 y), a16 AS (SELECT x.x FROM a15 x, a15 y), a17 AS (SELECT x.x FROM a16 x, a16 y), a18 AS (SELECT x.x FROM a17 x, a17 y), a19 AS (SELECT x.x FROM a18 x, a18 y), a20 AS (SELECT x.x FROM a19 x, a19 y), a21 AS (SELECT x.x FROM a20 x, a20 y), a22 AS (SELECT x.x FROM a21 x, a21 y), a23 AS (SELECT x.x FROM a22 x, a22 y), a24 AS (SELECT x.x FROM a23 x, a23 y), a25 AS (SELECT x.x FROM a24 x, a24 y), a26 AS (SELECT x.x FROM a25 x, a25 y), a27 AS (SELECT x.x FROM a26 x, a26 y), a28 AS (SELECT x.x FROM a27 x, a27 y), a29 AS (SELECT x.x FROM a28 x, a28 y) SELECT count(*) FROM a29;

-- a row from outside by the second half of a union
INSERT INTO orders (id, customer_id, status, region, ordered_at, total) SELECT id + 5000, customer_id, status, region, ordered_at, total FROM orders WHERE id < 5 UNION ALL SELECT 6001, 1, 'paid', 5, '2024-01-01', 1;
