-- Attacks on PostgreSQL, by the role whose rights are: customers without ssn and credit_card, email as a hash, phone by its last
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
SELECT public.customers.ssn FROM public.customers;

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
SELECT public.customers.* FROM public.customers;

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
SELECT string_agg(ssn, ',') FROM customers;

-- a denied column in a case
SELECT CASE WHEN ssn LIKE 'CANARY%' THEN ssn ELSE name END FROM customers;

-- a denied column in coalesce
SELECT COALESCE(NULL, ssn) FROM customers;

-- a denied column joined to text
SELECT name || ssn FROM customers;

-- a part of a denied column
SELECT substr(ssn, 1, 8) FROM customers;

-- a denied column cast
SELECT CAST(ssn AS text) FROM customers;

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
SELECT token FROM public.secrets;

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
SELECT string_agg(phone, ',') FROM customers;

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
WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r;

-- a recursion that doubles
WITH RECURSIVE r (n, t) AS (SELECT 1, CAST('xxxxxxxxxxxxxxxx' AS text) UNION ALL SELECT n + 1, t || t FROM r WHERE n < 40) SELECT t FROM r;

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

-- whole rows
SELECT c FROM customers c;

-- whole rows as text
SELECT c::text FROM customers c;

-- whole rows as JSON
SELECT to_jsonb(c) FROM customers c;

-- whole rows by row_to_json
SELECT row_to_json(c) FROM customers c;

-- whole rows gathered
SELECT json_agg(c) FROM customers c;

-- whole rows counted
SELECT count(c) FROM customers c;

-- whole rows are missing or not
SELECT id FROM customers c WHERE c IS NOT NULL;

-- a row of every column
SELECT ROW(c.*) FROM customers c;

-- every column as text
SELECT (c.*)::text FROM customers c;

-- a row by the name of its table
SELECT customers FROM customers;

-- a column of a whole row
SELECT (c).ssn FROM customers c;

-- every column of a whole row
SELECT (c).* FROM customers c;

-- a column in the manner of a function
SELECT ssn(c) FROM customers c;

-- a row compared with a row
SELECT 1 FROM customers c WHERE c = c;

-- a whole row in an array
SELECT array_agg(c) FROM customers c;

-- whole rows in a list
SELECT concat(c) FROM customers c;

-- whole rows through format
SELECT format('%s', c) FROM customers c;

-- the table itself
TABLE customers;

-- a hidden table itself
TABLE secrets;

-- a union with a table
SELECT 1, 'a', 'b' UNION TABLE secrets;

-- a join by a denied column
SELECT id FROM customers JOIN (SELECT 'CANARY-ssn-001' AS ssn) g USING (ssn);

-- a natural join over denied columns
SELECT id FROM customers NATURAL JOIN (SELECT 'CANARY-ssn-001' AS ssn) g;

-- a natural join with itself
SELECT * FROM customers a NATURAL JOIN customers b;

-- only a table
SELECT token FROM ONLY secrets;

-- a sample of a table
SELECT token FROM secrets TABLESAMPLE SYSTEM (100);

-- a lateral sub-query
SELECT l.* FROM orders o, LATERAL (SELECT ssn FROM customers c WHERE c.id = o.customer_id) l;

-- a name written in code points
SELECT U&"\0073sn" FROM customers;

-- a text written in code points
SELECT U&'\0043ANARY' FROM secrets;

-- a text with escapes
SELECT id FROM customers WHERE ssn = E'CANARY\x2dssn-001';

-- a text between dollars
SELECT id FROM customers WHERE ssn = $$CANARY-ssn-001$$;

-- a tagged text between dollars
SELECT $x$; DROP TABLE orders; $x$, ssn FROM customers;

-- place and version of rows
SELECT ctid, xmin, tableoid FROM customers;

-- the table of a row by number
SELECT tableoid::regclass FROM customers;

-- a cast to a name
SELECT 'secrets'::regclass;

-- a cast to a number of a name
SELECT 'secrets'::regclass::oid;

-- a cast to XML
SELECT '<a/>'::xml;

-- a cast to a role
SELECT 'postgres'::regrole;

-- a file
SELECT pg_read_file('/etc/passwd');

-- a file in from
SELECT * FROM pg_read_file('/etc/passwd');

-- a file by a lateral call
SELECT * FROM customers c, LATERAL pg_read_file(c.name);

-- a binary file
SELECT pg_read_binary_file('PG_VERSION');

-- a folder
SELECT * FROM pg_ls_dir('.');

-- the state of a file
SELECT * FROM pg_stat_file('PG_VERSION');

-- a call with its schema
SELECT pg_catalog.pg_read_file('PG_VERSION');

-- a call in quotes
SELECT "pg_read_file"('PG_VERSION');

-- rows from calls
SELECT * FROM ROWS FROM (pg_ls_dir('.'), pg_ls_waldir());

-- a large object from a file
SELECT lo_import('/etc/passwd');

-- a large object to a file
SELECT lo_export(1, '/tmp/x');

-- a large object of bytes
SELECT lo_from_bytea(0, 'x');

-- a query in a text
SELECT query_to_xml('SELECT * FROM secrets', true, true, '');

-- a table as XML
SELECT table_to_xml('secrets', true, true, '');

-- a database as XML
SELECT database_to_xml(true, true, '');

-- statistics of text search
SELECT * FROM ts_stat('SELECT to_tsvector(token) FROM secrets');

-- another connection
SELECT * FROM dblink('dbname=shop', 'SELECT token FROM secrets') AS t(x text);

-- a setting is changed
SELECT set_config('app.tenant', '2', false);

-- a read-only transaction is undone
SELECT set_config('transaction_read_only', 'off', true);

-- a setting is read
SELECT current_setting('data_directory');

-- a wait
SELECT pg_sleep(10);

-- a wait in a condition
SELECT id FROM customers WHERE pg_sleep(1) IS NULL;

-- a wait for a time
SELECT pg_sleep_for('10 seconds');

-- a lock that stays
SELECT pg_advisory_lock(1);

-- a lock of the transaction
SELECT pg_advisory_xact_lock(1);

-- a try of a lock
SELECT pg_try_advisory_lock(1);

-- a message
SELECT pg_notify('a', 'b');

-- another session is ended
SELECT pg_terminate_backend(1);

-- another query is cancelled
SELECT pg_cancel_backend(1);

-- the configuration is read anew
SELECT pg_reload_conf();

-- the log is turned
SELECT pg_rotate_logfile();

-- a replication slot
SELECT pg_create_physical_replication_slot('x');

-- a logical message
SELECT pg_logical_emit_message(false, 'a', 'b');

-- a sequence is moved
SELECT nextval('orders_id_seq');

-- a sequence is set
SELECT setval('orders_id_seq', 1);

-- version and user
SELECT version(), current_user, session_user;

-- the database
SELECT current_database(), current_schema();

-- the address of the server
SELECT inet_server_addr(), inet_client_addr();

-- rights on a table
SELECT has_table_privilege('secrets', 'SELECT');

-- a name looked up
SELECT to_regclass('secrets');

-- the size of a table
SELECT pg_relation_size('secrets');

-- the source of a view
SELECT pg_get_viewdef('customer_secrets');

-- the type of a value
SELECT pg_typeof(id) FROM customers;

-- a page of a table
SELECT * FROM get_raw_page('secrets', 0);

-- the comment of a column
SELECT col_description(1, 1);

-- the number of a transaction
SELECT txid_current();

-- the tables of the schema
SELECT * FROM information_schema.tables;

-- the columns of a table
SELECT column_name FROM information_schema.columns WHERE table_name = 'customers';

-- the catalogue
SELECT relname FROM pg_class;

-- the catalogue with its schema
SELECT rolname, rolpassword FROM pg_catalog.pg_authid;

-- statistics of cells
SELECT most_common_vals, histogram_bounds FROM pg_stats WHERE tablename = 'customers';

-- statements of others
SELECT query FROM pg_stat_activity;

-- files by the catalogue
SELECT * FROM pg_hba_file_rules;

-- a schema for a session
SELECT * FROM pg_temp.customers;

-- a copy to a program
COPY (SELECT 1) TO PROGRAM 'id';

-- a copy of a table
COPY secrets TO STDOUT;

-- a copy from a file
COPY secrets FROM '/etc/passwd';

-- a block of code
DO $$ BEGIN DELETE FROM orders; END $$;

-- a function is made
CREATE FUNCTION evil() RETURNS int LANGUAGE sql AS 'SELECT 1';

-- an operator of another schema
SELECT 1 OPERATOR(evil.+) 2;

-- an operator of the catalogue
SELECT id FROM customers WHERE ssn OPERATOR(pg_catalog.=) 'x';

-- an extension
CREATE EXTENSION dblink;

-- a setting
SET search_path = evil, public;

-- the transaction is made writable
SET TRANSACTION READ WRITE;

-- another role
SET ROLE postgres;

-- the first role again
RESET ROLE;

-- a setting of the system
ALTER SYSTEM SET log_statement = 'none';

-- a setting is shown
SHOW data_directory;

-- a prepared statement
PREPARE x AS SELECT * FROM secrets;

-- a prepared statement is run
EXECUTE x;

-- a cursor
DECLARE c CURSOR FOR SELECT * FROM secrets;

-- a cursor is read
FETCH ALL FROM c;

-- a procedure
CALL evil();

-- a lock on a table
LOCK TABLE orders;

-- everything is emptied
TRUNCATE orders;

-- a channel is listened to
LISTEN a;

-- a message as a statement
NOTIFY a;

-- a table is cleaned
VACUUM customers;

-- a plan that runs
EXPLAIN ANALYZE DELETE FROM orders;

-- everything is forgotten
DISCARD ALL;

-- a comment on a table
COMMENT ON TABLE orders IS 'x';

-- rows into a new table
SELECT * INTO evil FROM secrets;

-- rows are locked
SELECT id FROM orders FOR UPDATE;

-- rows are locked for a key
SELECT id FROM orders FOR KEY SHARE SKIP LOCKED;

-- a removal in a named query
WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x;

-- a change in a named query
WITH x AS (UPDATE customers SET name = 'x' RETURNING ssn) SELECT ssn FROM x;

-- an insert in a named query
WITH x AS (INSERT INTO events (id, kind, occurred_at) VALUES (999, 'x', now()) RETURNING id) SELECT id FROM x;

-- a removal in a named query that nobody reads
WITH x AS (DELETE FROM orders) SELECT 1;

-- denied columns returned
UPDATE customers SET city = 'x' WHERE id = 1 RETURNING ssn;

-- whole rows returned
UPDATE customers SET city = 'x' WHERE id = 1 RETURNING customers;

-- every column returned
DELETE FROM customers WHERE id = 59 RETURNING *;

-- a change from another table
UPDATE categories SET name = s.token FROM secrets s WHERE s.id = categories.id;

-- a removal by another table
DELETE FROM events USING secrets WHERE secrets.id = events.id;

-- a merge
MERGE INTO categories c USING secrets s ON s.id = c.id WHEN MATCHED THEN UPDATE SET name = s.token;

-- an upsert on a denied column
INSERT INTO customers (id, name, email, region, created_at, active) VALUES (1, 'x', 'x', 'EU', now(), true) ON CONFLICT (ssn) DO NOTHING;

-- an upsert that sets a denied column
INSERT INTO customers (id, name, email, region, created_at, active) VALUES (1, 'x', 'x', 'EU', now(), true) ON CONFLICT (id) DO UPDATE SET ssn = 'x';

-- an upsert that copies a denied cell
INSERT INTO customers (id, name, email, region, created_at, active) VALUES (1, 'x', 'x', 'EU', now(), true) ON CONFLICT (id) DO UPDATE SET city = customers.ssn;

-- text repeated in text
SELECT length(repeat(repeat(repeat(repeat('x', 10000), 10000), 10000), 10));

-- text repeated very often
SELECT repeat('x', 1000000000);

-- a very long series
SELECT count(*) FROM generate_series(1, 1000000000000);

-- a series that does not move
SELECT * FROM generate_series(1, 10, 0);

-- a very long padding
SELECT lpad('x', 1000000000, 'x');

-- a very wide format
SELECT format('%1000000000s', 'x');

-- a width of an argument
SELECT format('%*s', 1000000000, 'x');

-- an array filled
SELECT array_fill(0, ARRAY[100000000]);

-- gathered products
SELECT json_agg(a.note || b.note || c.note) FROM orders a, orders b, orders c;

-- a slow pattern
SELECT id FROM customers WHERE name ~ '((a*)*)*$b';

-- a function with a name of an argument
SELECT make_interval(secs => 1), ssn FROM customers;

-- a list given to a variadic function
SELECT concat(VARIADIC ARRAY[ssn]) FROM customers;

-- distinct on a denied column
SELECT DISTINCT ON (ssn) id FROM customers ORDER BY ssn;

-- a filter by a denied column
SELECT count(*) FILTER (WHERE ssn LIKE '%1') FROM customers;

-- the order of an aggregate
SELECT string_agg(name, ',' ORDER BY ssn) FROM customers;

-- a percentile of a denied column
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY ssn) FROM customers;

-- a named window over a denied column
SELECT id, rank() OVER w FROM customers WINDOW w AS (ORDER BY ssn);

-- grouping sets of a denied column
SELECT count(*) FROM customers GROUP BY GROUPING SETS ((ssn), ());

-- a denied column in an array
SELECT ARRAY[ssn, credit_card] FROM customers;

-- an array of a query
SELECT ARRAY(SELECT token FROM secrets);

-- a denied column in JSON
SELECT jsonb_build_object('a', ssn) FROM customers;

-- a row in a comparison with a query
SELECT id FROM orders WHERE (1, 'api') IN (SELECT id, name FROM secrets);

-- any of a hidden table
SELECT id FROM orders WHERE id = ANY (SELECT id FROM secrets);

-- a limit from a hidden table
SELECT id FROM orders ORDER BY id LIMIT (SELECT count(*) FROM secrets);

-- a denied column by a collation
SELECT ssn COLLATE "C" FROM customers;

-- a member of a denied column
SELECT (ssn).x FROM customers;

-- an XML table
SELECT * FROM XMLTABLE('/a' PASSING '<a/>' COLUMNS b text);

-- an empty select list over a hidden table
SELECT FROM secrets;

-- values of a hidden table
VALUES ((SELECT token FROM secrets LIMIT 1));

-- a similar pattern on a denied column
SELECT id FROM customers WHERE ssn SIMILAR TO 'CANARY%';

-- a hint in a comment
SELECT /*+ SeqScan(x) */ id FROM customers;

-- an executable comment
SELECT /*! ssn */ id FROM customers;

-- queries of WITH that double each other
WITH a0 AS (SELECT 1 AS x), a1 AS (SELECT x.x FROM a0 x, a0 y), a2 AS (SELECT x.x FROM a1 x, a1 y), a3 AS (SELECT x.x FROM a2 x, a2 y), a4 AS (SELECT x.x FROM a3 x, a3 y), a5 AS (SELECT x.x FROM a4 x, a4 y), a6 AS (SELECT x.x FROM a5 x, a5 y), a7 AS (SELECT x.x FROM a6 x, a6 y), a8 AS (SELECT x.x FROM a7 x, a7 y), a9 AS (SELECT x.x FROM a8 x, a8 y), a10 AS (SELECT x.x FROM a9 x, a9 y), a11 AS (SELECT x.x FROM a10 x, a10 y), a12 AS (SELECT x.x FROM a11 x, a11 y), a13 AS (SELECT x.x FROM a12 x, a12 y), a14 AS (SELECT x.x FROM a13 x, a13 y), a15 AS (SELECT x.x FROM a14 x, a14 y), a16 AS (SELECT x.x FROM a15 x, a15 y), a17 AS (SELECT x.x FROM a16 x, a16 y), a18 AS (SELECT x.x FROM a17 x, a17 y), a19 AS (SELECT x.x FROM a18 x, a18 y), a20 AS (SELECT x.x FROM a19 x, a19 y), a21 AS (SELECT x.x FROM a20 x, a20 y), a22 AS (SELECT x.x FROM a21 x, a21 y), a23 AS (SELECT x.x FROM a22 x, a22 y), a24 AS (SELECT x.x FROM a23 x, a23 y), a25 AS (SELECT x.x FROM a24 x, a24 y), a26 AS (SELECT x.x FROM a25 x, a25 y), a27 AS (SELECT x.x FROM a26 x, a26 y), a28 AS (SELECT x.x FROM a27 x, a27 y), a29 AS (SELECT x.x FROM a28 x, a28 y) SELECT count(*) FROM a29;
