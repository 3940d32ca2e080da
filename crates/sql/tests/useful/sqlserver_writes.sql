-- Statements that change rows of the shop of schema_sqlserver.sql, each on a fresh copy of it. All lie within the row rule that
-- orders are of the region EU.

-- a new event
INSERT INTO events (id, customer_id, kind, occurred_at, duration_ms)
VALUES (1001, 3, 'view', '2026-01-05 10:00:00', 250);

-- three new events
INSERT INTO events (id, customer_id, kind, occurred_at)
VALUES (1001, 3, 'view', '2026-01-05 10:00:00'), (1002, 4, 'cart', '2026-01-05 10:01:00'), (1003, NULL, 'search', '2026-01-05 10:02:00');

-- a new event with JSON
INSERT INTO events (id, customer_id, kind, occurred_at, payload)
VALUES (1001, 5, 'view', '2026-01-05 10:00:00', '{"page":"/p/1","ref":"mail"}');

-- a new order within the region
INSERT INTO orders (id, customer_id, status, region, ordered_at, total)
VALUES (1001, 2, 'new', 'EU', '2026-01-05 09:30:00', 49.90);

-- a new position of an order
INSERT INTO order_items (order_id, line, product_id, quantity, unit_price, discount)
VALUES (2, 9, 4, 2, 4.50, NULL);

-- a new category
INSERT INTO categories (id, name, parent_id) VALUES (50, 'It''s new', 2);

-- values that are computed
INSERT INTO stock (product_id, warehouse, quantity, updated_at)
VALUES (1, 'west', 10 + 5 * 2, '2026-01-05 06:00:00');

-- rows from a query
INSERT INTO stock (product_id, warehouse, quantity, updated_at)
SELECT id, 'east', 0, '2026-01-05 06:00:00'
FROM products
WHERE category_id = 5;

-- rows from a query with a group
INSERT INTO events (id, customer_id, kind, occurred_at, duration_ms)
SELECT 2000 + customer_id, customer_id, 'summary', '2026-01-05 00:00:00', COUNT(*)
FROM events
WHERE customer_id IS NOT NULL AND customer_id < 20
GROUP BY customer_id;

-- rows that are not there yet
INSERT INTO stock (product_id, warehouse, quantity, updated_at)
SELECT p.id, 'south', 1, '2026-01-05 06:00:00'
FROM products p
WHERE NOT EXISTS (SELECT 1 FROM stock s WHERE s.product_id = p.id AND s.warehouse = 'south');

-- one order is shipped
UPDATE orders SET status = 'shipped', shipped_at = '2026-01-05 12:00:00' WHERE id = 7;

-- new orders are paid
UPDATE orders SET status = 'paid' WHERE status = 'new' AND region = 'EU' AND total < 200;

-- a note is removed
UPDATE orders SET note = NULL WHERE note = 'gift' AND id IN (4, 12, 20, 36);

-- a price is raised
UPDATE products SET price = price * 1.05 WHERE category_id = 9;

-- stock is taken
UPDATE stock
SET quantity = quantity - 1, updated_at = '2026-01-05 08:00:00'
WHERE product_id = 3 AND warehouse = 'north' AND quantity > 0;

-- stock by a case
UPDATE stock
SET quantity = CASE WHEN quantity < 10 THEN 10 ELSE quantity END
WHERE warehouse = 'south';

-- a customer has moved
UPDATE customers SET city = 'Wien', region = 'EU' WHERE id = 17;

-- products without sales are discontinued
UPDATE products
SET discontinued = 1
WHERE id NOT IN (SELECT product_id FROM order_items WHERE quantity > 4);

-- a value from another table
UPDATE stock
SET quantity = (SELECT SUM(i.quantity) FROM order_items i WHERE i.product_id = stock.product_id)
WHERE warehouse = 'north' AND EXISTS (SELECT 1 FROM order_items i WHERE i.product_id = stock.product_id);

-- text is changed
UPDATE employees
SET title = CONCAT('Senior ', title)
WHERE hired_on < '2018-01-01' AND department = 'sales';

-- one event is removed
DELETE FROM events WHERE id = 42;

-- old events are removed
DELETE FROM events WHERE occurred_at < '2025-03-05' AND kind IN ('login', 'logout');

-- events of nobody are removed
DELETE FROM events WHERE customer_id IS NULL;

-- stock of discontinued products is removed
DELETE FROM stock WHERE product_id IN (SELECT id FROM products WHERE discontinued = 1);

-- empty stock is removed
DELETE FROM stock WHERE quantity = 0 OR quantity BETWEEN 1 AND 3;

-- payments without an order of that total are removed
DELETE
FROM payments
WHERE amount < 10 AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = payments.order_id AND o.total < 10);

-- the new row is returned
INSERT INTO events (id, customer_id, kind, occurred_at) OUTPUT inserted.id, inserted.kind
VALUES (1001, 3, 'view', '2026-01-05 10:00:00');

-- changed rows are returned
UPDATE stock
SET quantity = quantity + 5 OUTPUT inserted.product_id, inserted.quantity
WHERE warehouse = 'north' AND product_id < 6;

-- removed rows are returned
DELETE FROM events OUTPUT deleted.id, deleted.kind WHERE id < 5;

-- a default value
INSERT INTO orders (id, customer_id, status, region, ordered_at, total, note)
VALUES (1002, 2, 'new', 'EU', '2026-01-05 09:30:00', 12, DEFAULT);

-- JSON is changed
UPDATE products
SET attributes = JSON_MODIFY(attributes, '$.color', 'grey')
WHERE JSON_VALUE(attributes, '$.color') = 'red';

-- a conditional value
UPDATE stock SET quantity = IIF(quantity > 50, 50, quantity) WHERE warehouse = 'north';
