//! The rows of the demo's shop: made up, the same each time, and of plausible shape. Numbers of persons and cards are of
//! ranges that are given to nobody.

use rusqlite::{Transaction, params};

const CUSTOMERS: u32 = 200;
const ORDERS: u32 = 400;

const FIRST_NAMES: [&str; 20] = [
    "Amina", "Ben", "Carla", "Daniel", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Liam",
    "Maria", "Noah", "Olga", "Pedro", "Quinn", "Rosa", "Samir", "Tara",
];
const LAST_NAMES: [&str; 20] = [
    "Adler", "Brandt", "Chen", "Diaz", "Evans", "Fischer", "Garcia", "Haddad", "Ivanov", "Jensen", "Kim",
    "Lopez", "Meyer", "Nguyen", "Okafor", "Patel", "Rossi", "Silva", "Tanaka", "Weber",
];
const CITIES: [(&str, &str); 12] = [
    ("Boston", "east"),
    ("New York", "east"),
    ("Philadelphia", "east"),
    ("Atlanta", "south"),
    ("Austin", "south"),
    ("Miami", "south"),
    ("Chicago", "midwest"),
    ("Detroit", "midwest"),
    ("Minneapolis", "midwest"),
    ("Denver", "west"),
    ("Portland", "west"),
    ("San Diego", "west"),
];
/// Name, category, price in cents.
const PRODUCTS: [(&str, &str, u32); 30] = [
    ("Espresso cups, set of 4", "kitchen", 2490),
    ("French press", "kitchen", 3450),
    ("Chef's knife", "kitchen", 7900),
    ("Cutting board", "kitchen", 2950),
    ("Cast-iron pan", "kitchen", 5490),
    ("Kettle", "kitchen", 4200),
    ("Desk lamp", "office", 3990),
    ("Notebook, dotted", "office", 1250),
    ("Fountain pen", "office", 2900),
    ("Monitor stand", "office", 5900),
    ("Desk mat", "office", 2190),
    ("Office chair", "office", 24_900),
    ("Trail backpack", "outdoor", 8900),
    ("Head torch", "outdoor", 3490),
    ("Rain jacket", "outdoor", 11_900),
    ("Camping stove", "outdoor", 6490),
    ("Water bottle", "outdoor", 2290),
    ("Sleeping bag", "outdoor", 12_900),
    ("Yoga mat", "sport", 3290),
    ("Kettlebell, 12 kg", "sport", 4990),
    ("Running belt", "sport", 1890),
    ("Foam roller", "sport", 2490),
    ("Skipping rope", "sport", 1290),
    ("Resistance bands", "sport", 1990),
    ("Throw blanket", "home", 4590),
    ("Scented candle", "home", 1990),
    ("Wall clock", "home", 3790),
    ("Plant pot", "home", 1690),
    ("Picture frame", "home", 1490),
    ("Bookshelf", "home", 15_900),
];
const EMPLOYEES: [(&str, &str, u32); 6] = [
    ("Vera Lindt", "managing director", 14_800_000),
    ("Omar Reyes", "head of support", 8_200_000),
    ("Julia Novak", "support", 5_100_000),
    ("Tim Carver", "warehouse", 4_600_000),
    ("Aiko Mori", "analyst", 7_400_000),
    ("Paul Stern", "accounting", 6_900_000),
];

/// A small generator: the same numbers in every release of every library.
struct Chance(u64);

impl Chance {
    /// A number below `bound` (a linear congruential generator; nothing here needs to be hard to guess).
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(bound.max(1))).unwrap_or_default()
    }

    fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let index = self.below(u32::try_from(items.len()).unwrap_or_default());
        items.get(index as usize).copied().unwrap_or_default()
    }
}

/// Inserts everything.
pub(super) fn insert(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut chance = Chance(20_260_728);
    products(transaction, &mut chance)?;
    customers(transaction, &mut chance)?;
    orders(transaction, &mut chance)?;
    for (name, position, salary) in EMPLOYEES {
        transaction.execute(
            "INSERT INTO employees (name, position, salary_cents) VALUES (?1, ?2, ?3)",
            params![name, position, salary],
        )?;
    }
    transaction.execute_batch(
        "UPDATE orders SET total_cents =
            (SELECT sum(quantity * unit_price_cents) FROM order_items WHERE order_id = orders.id)",
    )
}

fn products(transaction: &Transaction<'_>, chance: &mut Chance) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare(
        "INSERT INTO products (sku, name, category, price_cents, stock) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (number, (name, category, price)) in PRODUCTS.into_iter().enumerate() {
        let prefix: String = category.chars().take(3).collect::<String>().to_uppercase();
        let sku = format!("{prefix}-{:04}", 100 + number * 7);
        statement.execute(params![sku, name, category, price, chance.below(240)])?;
    }
    Ok(())
}

fn customers(transaction: &Transaction<'_>, chance: &mut Chance) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare(
        "INSERT INTO customers (name, email, phone, city, region, ssn, credit_card, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for number in 1..=CUSTOMERS {
        let (first, last) = (chance.pick(&FIRST_NAMES), chance.pick(&LAST_NAMES));
        let (city, region) = chance.pick(&CITIES);
        let email = format!("{}.{}{number}@example.com", first.to_lowercase(), last.to_lowercase());
        let phone = format!("555-{:03}-{:04}", 200 + chance.below(700), chance.below(10_000));
        let ssn =
            format!("9{:02}-{:02}-{:04}", chance.below(100), 10 + chance.below(60), chance.below(10_000));
        let card = format!("4000 0000 {:04} {:04}", chance.below(10_000), chance.below(10_000));
        let created = moment(chance, 2024, 18);
        statement.execute(params![
            format!("{first} {last}"),
            email,
            phone,
            city,
            region,
            ssn,
            card,
            created
        ])?;
    }
    Ok(())
}

fn orders(transaction: &Transaction<'_>, chance: &mut Chance) -> rusqlite::Result<()> {
    let mut order = transaction.prepare(
        "INSERT INTO orders (id, customer_id, status, region, ordered_at)
         SELECT ?1, id, ?3, region, ?4 FROM customers WHERE id = ?2",
    )?;
    let mut item = transaction.prepare(
        "INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents)
         SELECT ?1, id, ?3, price_cents FROM products WHERE id = ?2",
    )?;
    const STATUSES: [&str; 10] = [
        "delivered",
        "delivered",
        "delivered",
        "delivered",
        "shipped",
        "shipped",
        "paid",
        "pending",
        "cancelled",
        "returned",
    ];
    let products = u32::try_from(PRODUCTS.len()).unwrap_or_default();
    for number in 1..=ORDERS {
        let customer = 1 + chance.below(CUSTOMERS);
        order.execute(params![number, customer, chance.pick(&STATUSES), moment(chance, 2026, 10)])?;
        for _ in 0..=chance.below(3) {
            item.execute(params![number, 1 + chance.below(products), 1 + chance.below(3)])?;
        }
    }
    Ok(())
}

/// A moment within so many months from the first of January.
fn moment(chance: &mut Chance, year: u32, months: u32) -> String {
    let month = chance.below(months);
    let (day, hour, minute) = (1 + chance.below(28), 7 + chance.below(15), chance.below(60));
    format!("{:04}-{:02}-{day:02}T{hour:02}:{minute:02}:00Z", year + month / 12, 1 + month % 12)
}
