-- Attacks on SQL Server, by the role whose rights are: customers without ssn and credit_card, email as a hash, phone by its last
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
SELECT dbo.customers.ssn FROM dbo.customers;

-- a denied column in capitals
SELECT SSN FROM customers;

-- a denied column in mixed case
SELECT c.SsN FROM CuStOmErS c;

-- a denied column in quotes
SELECT [ssn] FROM customers;

-- a denied column under another name
SELECT ssn AS name FROM customers;

-- every column
SELECT * FROM customers;

-- every column of an alias
SELECT c.* FROM customers c;

-- every column of the schema
SELECT dbo.customers.* FROM dbo.customers;

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
SELECT STRING_AGG(ssn, ',') FROM customers;

-- a denied column in a case
SELECT CASE WHEN ssn LIKE 'CANARY%' THEN ssn ELSE name END FROM customers;

-- a denied column in coalesce
SELECT COALESCE(NULL, ssn) FROM customers;

-- a denied column joined to text
SELECT name + ssn FROM customers;

-- a part of a denied column
SELECT SUBSTRING(ssn, 1, 8) FROM customers;

-- a denied column cast
SELECT CAST(ssn AS nvarchar(100)) FROM customers;

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
WITH r (id, v) AS (SELECT id, ssn FROM customers WHERE id = 1 UNION ALL SELECT c.id, c.ssn FROM customers c JOIN r ON c.id = r.id + 1) SELECT v FROM r;

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
SELECT token FROM dbo.secrets;

-- a hidden table in quotes
SELECT token FROM [secrets];

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
SELECT (SELECT TOP (1) token FROM secrets ORDER BY id) AS t;

-- a hidden table in the order
SELECT id FROM customers ORDER BY (SELECT TOP (1) token FROM secrets), id;

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
SELECT STRING_AGG(phone, ',') FROM customers;

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
SELECT c.id, (SELECT TOP (1) o.note FROM orders o WHERE o.customer_id = c.id AND o.region <> 'EU') FROM customers c;

-- rows outside of the rule through a named query
WITH o AS (SELECT * FROM orders) SELECT note FROM o WHERE region <> 'EU';

-- an error that shows a hidden cell
SELECT id FROM orders WHERE CAST(note AS int) = 1;

-- a division by zero on hidden rows
SELECT id FROM orders WHERE 1 / (CASE WHEN region = 'EU' THEN 1 ELSE 0 END) = 1;

-- an error in the order on hidden rows
SELECT id FROM orders ORDER BY 1 / (CASE WHEN note LIKE 'CANARY%' THEN 0 ELSE 1 END);

-- an error in a case on hidden rows
SELECT COUNT(*) FROM orders WHERE CASE WHEN note LIKE 'CANARY-order%' THEN CAST(note AS int) ELSE 1 END = 1;

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
WITH r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r;

-- a recursion that doubles
WITH r (n, t) AS (SELECT 1, CAST('xxxxxxxxxxxxxxxx' AS nvarchar(max)) UNION ALL SELECT n + 1, t + t FROM r WHERE n < 40) SELECT t FROM r;

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
SELECT 1 AS [x]], ssn FROM customers --];

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

-- a command
EXEC xp_cmdshell 'id';

-- a command in brackets
EXEC [master]..[xp_cmdshell] 'id';

-- a text is run
EXEC('DELETE FROM orders');

-- a text is run in full
EXECUTE ('SELECT * FROM secrets');

-- a text is run by a procedure
EXEC sp_executesql N'SELECT * FROM secrets';

-- a procedure without EXEC
sp_help 'secrets';

-- a procedure that configures
EXEC sp_configure 'xp_cmdshell', 1;

-- a folder
EXEC xp_dirtree '/';

-- a key of the registry
EXEC xp_regread 'HKEY_LOCAL_MACHINE', 'x';

-- an object of automation
EXEC sp_OACreate 'x', @o OUT;

-- a statement after an alias
SELECT id FROM customers SHUTDOWN;

-- a statement without a semicolon
SELECT 1 DROP TABLE orders;

-- a second query without a semicolon
SELECT 1 SELECT token FROM secrets;

-- a statement on the next line
SELECT id FROM customers
DELETE FROM orders;

-- the end of a batch
SELECT 1
GO
DROP TABLE orders;

-- the alias RECONFIGURE
SELECT id FROM customers RECONFIGURE;

-- the alias REVERT
SELECT id FROM customers REVERT;

-- the alias CHECKPOINT
SELECT id FROM customers CHECKPOINT;

-- the alias COMMIT
SELECT id FROM customers COMMIT;

-- a column alias that is a statement
SELECT id SHUTDOWN FROM customers;

-- another server
SELECT * FROM OPENROWSET('SQLNCLI', 'x', 'SELECT 1');

-- a file
SELECT * FROM OPENROWSET(BULK '/etc/passwd', SINGLE_CLOB) AS x;

-- a query on another server
SELECT * FROM OPENQUERY(x, 'SELECT token FROM secrets');

-- a source of data
SELECT * FROM OPENDATASOURCE('SQLNCLI', 'x').shop.dbo.secrets;

-- XML as rows
SELECT * FROM OPENXML(1, '/a');

-- a server of four parts
SELECT token FROM other.shop.dbo.secrets;

-- another database
SELECT * FROM master..sysdatabases;

-- another database in full
SELECT * FROM master.sys.databases;

-- a database without a schema
SELECT token FROM shop..secrets;

-- the tables
SELECT name FROM sys.tables;

-- the columns
SELECT * FROM INFORMATION_SCHEMA.COLUMNS;

-- objects in the old way
SELECT * FROM sysobjects;

-- statements of others
SELECT text FROM sys.dm_exec_requests CROSS APPLY sys.dm_exec_sql_text(sql_handle);

-- logins
SELECT name, password_hash FROM sys.sql_logins;

-- files by a function
SELECT * FROM sys.fn_trace_gettable('x', 1);

-- event files
SELECT * FROM sys.fn_xe_file_target_read_file('x', NULL, NULL, NULL);

-- the audit
SELECT * FROM sys.fn_get_audit_file('x', NULL, NULL);

-- the log
SELECT * FROM fn_dblog(NULL, NULL);

-- virtual files
SELECT * FROM sys.fn_virtualfilestats(NULL, NULL);

-- a variable of the server
SELECT @@VERSION, @@SERVERNAME;

-- a variable of the session
SELECT @@SPID, @@TRANCOUNT;

-- the last number
SELECT @@IDENTITY, SCOPE_IDENTITY();

-- a variable
SELECT @x;

-- a variable is declared
DECLARE @x nvarchar(100) = (SELECT TOP 1 token FROM secrets);

-- a variable is set in a query
SELECT @x = ssn FROM customers;

-- users and names
SELECT SUSER_SNAME(), USER_NAME(), ORIGINAL_LOGIN();

-- the user
SELECT CURRENT_USER, SYSTEM_USER, SESSION_USER;

-- host and application
SELECT HOST_NAME(), APP_NAME();

-- the database
SELECT DB_NAME(), DB_ID();

-- the number of an object
SELECT OBJECT_ID('secrets');

-- the text of an object
SELECT OBJECT_DEFINITION(OBJECT_ID('customer_secrets'));

-- the name of a column
SELECT COL_NAME(1, 1);

-- a property of the server
SELECT SERVERPROPERTY('edition');

-- rights
SELECT HAS_PERMS_BY_NAME('secrets', 'OBJECT', 'SELECT');

-- the context of the session
SELECT SESSION_CONTEXT(N'tenant');

-- a password compared
SELECT PWDCOMPARE('x', 0x00);

-- an encrypted text
SELECT ENCRYPTBYPASSPHRASE('x', ssn) FROM customers;

-- the place of a row
SELECT %%physloc%% FROM customers;

-- a lock by procedure
EXEC sp_getapplock 'x', 'Exclusive';

-- a wait
WAITFOR DELAY '00:00:10';

-- a wait after a query
SELECT 1 WAITFOR DELAY '00:00:10';

-- a wait in a condition
IF (SELECT COUNT(*) FROM secrets) > 0 WAITFOR DELAY '00:00:05';

-- a lock in a query
SELECT id FROM orders WITH (TABLOCKX, HOLDLOCK);

-- reading what is not committed
SELECT token FROM secrets WITH (NOLOCK);

-- a lock in the old way
SELECT id FROM orders (TABLOCKX);

-- options of a query
SELECT id FROM orders OPTION (MAXDOP 64);

-- XML of a query
SELECT * FROM secrets FOR XML AUTO;

-- JSON of a query
SELECT * FROM customers FOR JSON PATH;

-- XML of denied columns
SELECT ssn FROM customers FOR XML RAW;

-- a sub-query as XML
SELECT id, (SELECT c.* FROM customers c FOR XML PATH('')) FROM orders;

-- a method of a column
SELECT c.ssn.query('.') FROM customers c;

-- a value of a column by method
SELECT c.ssn.value('.', 'nvarchar(max)') FROM customers c;

-- nodes of a column
SELECT x.y FROM customers c CROSS APPLY c.ssn.nodes('/') AS x(y);

-- an apply of a denied column
SELECT x.v FROM customers c CROSS APPLY (SELECT c.ssn AS v) AS x;

-- an apply of split cells
SELECT s.value FROM customers c CROSS APPLY STRING_SPLIT(c.ssn, '-') AS s;

-- an apply of JSON
SELECT j.value FROM customers c CROSS APPLY OPENJSON(c.credit_card) AS j;

-- JSON with columns
SELECT * FROM OPENJSON('{}') WITH (x nvarchar(100) '$.x');

-- an apply of values
SELECT v.x FROM customers c CROSS APPLY (VALUES (c.ssn), (c.credit_card)) AS v (x);

-- columns turned to rows
SELECT id, v FROM customers UNPIVOT (v FOR k IN (ssn, credit_card)) AS u;

-- rows turned to columns
SELECT * FROM (SELECT region, ssn FROM customers) AS s PIVOT (MAX(ssn) FOR region IN ([EU], [US])) AS p;

-- a sample of a table
SELECT token FROM secrets TABLESAMPLE (100 PERCENT);

-- old rows of a table
SELECT token FROM secrets FOR SYSTEM_TIME ALL;

-- ties
SELECT TOP (1) WITH TIES id FROM customers ORDER BY ssn;

-- a percentage
SELECT TOP (100) PERCENT ssn FROM customers;

-- a top of a sub-query
SELECT TOP (SELECT COUNT(*) FROM secrets) id FROM customers;

-- a fetch of a sub-query
SELECT id FROM customers ORDER BY id OFFSET (SELECT COUNT(*) FROM secrets) ROWS;

-- full text
SELECT id FROM customers WHERE CONTAINS(ssn, 'CANARY');

-- free text
SELECT id FROM customers WHERE FREETEXT((ssn), 'CANARY');

-- full text as rows
SELECT * FROM CONTAINSTABLE(customers, ssn, 'CANARY');

-- a collation of a denied column
SELECT ssn COLLATE Latin1_General_BIN FROM customers;

-- a denied cell by an error
SELECT CAST((SELECT TOP 1 token FROM secrets) AS int);

-- a denied cell by an error of conversion
SELECT CONVERT(int, ssn) FROM customers;

-- a denied cell by a lenient cast
SELECT TRY_CAST(ssn AS nvarchar(100)) FROM customers;

-- a parsed cell
SELECT PARSE(ssn AS int) FROM customers;

-- a hash of a denied cell
SELECT HASHBYTES('SHA2_256', ssn) FROM customers;

-- a checksum of a row
SELECT CHECKSUM(*) FROM customers;

-- a checksum of a denied cell
SELECT BINARY_CHECKSUM(ssn) FROM customers;

-- the length of a denied cell
SELECT DATALENGTH(ssn), LEN(credit_card) FROM customers;

-- the order within one text
SELECT STRING_AGG(name, ',') WITHIN GROUP (ORDER BY ssn) FROM customers;

-- a percentile over a denied column
SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY ssn) OVER () FROM customers;

-- rows into a new table
SELECT * INTO evil FROM secrets;

-- rows into a table for a session
SELECT * INTO #x FROM secrets;

-- text repeated in text
SELECT LEN(REPLICATE(REPLICATE(CAST('x' AS nvarchar(max)), 10000), 100000));

-- text repeated very often
SELECT REPLICATE('x', 1000000000);

-- very many spaces
SELECT SPACE(1000000000);

-- a very long series
SELECT COUNT(*) FROM GENERATE_SERIES(1, 1000000000);

-- recursion without an end
WITH r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r OPTION (MAXRECURSION 0);

-- a removal through a named query
WITH c AS (SELECT * FROM orders) DELETE FROM c;

-- a change through a named query
WITH c AS (SELECT * FROM customers) UPDATE c SET ssn = 'x';

-- a removal within a query
SELECT * FROM (DELETE FROM orders OUTPUT deleted.*) AS x;

-- an insert of the output of a removal
INSERT INTO categories (id, name) SELECT id, token FROM (DELETE FROM secrets OUTPUT deleted.id, deleted.token) AS x;

-- denied columns in the output
UPDATE customers SET city = 'x' OUTPUT inserted.ssn WHERE id = 1;

-- every column in the output
DELETE FROM customers OUTPUT deleted.* WHERE id = 59;

-- the output into a table
DELETE FROM events OUTPUT deleted.id INTO categories (id) WHERE id = 1;

-- a change from another table
UPDATE c SET c.name = s.token FROM categories c JOIN secrets s ON s.id = c.id;

-- a removal by a join
DELETE e FROM events e JOIN secrets s ON s.id = e.id;

-- the top of a change
UPDATE TOP (1) customers SET ssn = 'x';

-- a merge
MERGE categories AS c USING secrets AS s ON s.id = c.id WHEN MATCHED THEN UPDATE SET name = s.token;;

-- a bulk insert
BULK INSERT categories FROM '/etc/passwd';

-- an insert of a procedure
INSERT INTO categories EXEC sp_who;

-- an insert of defaults
INSERT INTO secrets DEFAULT VALUES;

-- everything is emptied
TRUNCATE TABLE orders;

-- a setting
SET QUOTED_IDENTIFIER OFF;

-- identities are written
SET IDENTITY_INSERT orders ON;

-- another user
EXECUTE AS USER = 'dbo';

-- the first user again
REVERT;

-- another database is used
USE master;

-- a backup
BACKUP DATABASE shop TO DISK = 'x';

-- a restore
RESTORE DATABASE shop FROM DISK = 'x';

-- a session is ended
KILL 52;

-- the server is stopped
SHUTDOWN WITH NOWAIT;

-- a check
DBCC CHECKDB;

-- a cursor
DECLARE c CURSOR FOR SELECT token FROM secrets;

-- a condition
IF 1 = 1 DELETE FROM orders;

-- a loop
WHILE 1 = 1 SELECT 1;

-- a block
BEGIN DELETE FROM orders END;

-- a message
PRINT 'x';

-- an error is raised
RAISERROR('x', 16, 1);

-- an error is thrown
THROW 50000, 'x', 1;

-- a try
BEGIN TRY SELECT 1 / 0 END TRY BEGIN CATCH SELECT ERROR_MESSAGE() END CATCH;

-- a login is made
CREATE LOGIN evil WITH PASSWORD = 'x';

-- a role is widened
ALTER ROLE db_owner ADD MEMBER evil;

-- a denial
DENY SELECT ON customers TO PUBLIC;

-- an assembly
CREATE ASSEMBLY x FROM 'x.dll';

-- a linked server
EXEC sp_addlinkedserver 'x';

-- an executable comment
SELECT /*! ssn, */ id FROM customers;

-- a hint in a comment
SELECT /*+ x */ id FROM customers;

-- nested comments
SELECT id /* /* */ , ssn */ FROM customers;

-- an odd name closed twice
SELECT [id]]] FROM [customers];

-- a name in double quotes
SELECT "ssn" FROM "customers";

-- national quotes
SELECT id FROM customers WHERE ssn = N'CANARY-ssn-001';

-- grouping sets of a denied column
SELECT COUNT(*) FROM customers GROUP BY GROUPING SETS ((ssn), ());

-- a dollar name
SELECT $action, $rowguid, $identity FROM customers;

-- a pseudo column
SELECT $PARTITION.f(1), ssn FROM customers;

-- queries of WITH that double each other
WITH a0 AS (SELECT 1 AS x), a1 AS (SELECT x.x FROM a0 x, a0 y), a2 AS (SELECT x.x FROM a1 x, a1 y), a3 AS (SELECT x.x FROM a2 x, a2 y), a4 AS (SELECT x.x FROM a3 x, a3 y), a5 AS (SELECT x.x FROM a4 x, a4 y), a6 AS (SELECT x.x FROM a5 x, a5 y), a7 AS (SELECT x.x FROM a6 x, a6 y), a8 AS (SELECT x.x FROM a7 x, a7 y), a9 AS (SELECT x.x FROM a8 x, a8 y), a10 AS (SELECT x.x FROM a9 x, a9 y), a11 AS (SELECT x.x FROM a10 x, a10 y), a12 AS (SELECT x.x FROM a11 x, a11 y), a13 AS (SELECT x.x FROM a12 x, a12 y), a14 AS (SELECT x.x FROM a13 x, a13 y), a15 AS (SELECT x.x FROM a14 x, a14 y), a16 AS (SELECT x.x FROM a15 x, a15 y), a17 AS (SELECT x.x FROM a16 x, a16 y), a18 AS (SELECT x.x FROM a17 x, a17 y), a19 AS (SELECT x.x FROM a18 x, a18 y), a20 AS (SELECT x.x FROM a19 x, a19 y), a21 AS (SELECT x.x FROM a20 x, a20 y), a22 AS (SELECT x.x FROM a21 x, a21 y), a23 AS (SELECT x.x FROM a22 x, a22 y), a24 AS (SELECT x.x FROM a23 x, a23 y), a25 AS (SELECT x.x FROM a24 x, a24 y), a26 AS (SELECT x.x FROM a25 x, a25 y), a27 AS (SELECT x.x FROM a26 x, a26 y), a28 AS (SELECT x.x FROM a27 x, a27 y), a29 AS (SELECT x.x FROM a28 x, a28 y) SELECT count(*) FROM a29;
