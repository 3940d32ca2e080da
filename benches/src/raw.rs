//! The floor: the driver alone, each row written as JSON, nothing parsed, guarded, recorded or sent.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use futures::StreamExt as _;
use tokio_postgres::NoTls;

use crate::load::{Latency, Outcome};
use crate::procfs;

/// The question that every variant is asked: so many rows from here on, by primary key.
pub const FIRST_ROW: u32 = 5_000;

/// The same as SQL.
pub fn statement(rows: u32) -> String {
    format!(
        "SELECT id, name, category, price, quantity, active, created FROM items WHERE id >= {FIRST_ROW} ORDER BY id LIMIT {rows}"
    )
}

/// Asks for so many rows again and again, on so many connections, for so long.
pub fn run(url: &str, rows: u32, connections: usize, measured: Duration) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let begun = Instant::now();
    let before = procfs::cpu_time(std::process::id())?;
    let (nanos, bytes) = if let Some(path) = url.strip_prefix("sqlite://") {
        sqlite(path, rows, begun + measured)?
    } else {
        runtime.block_on(postgres(url, rows, connections, begun + measured))?
    };
    let seconds = begun.elapsed().as_secs_f64();
    let used = procfs::cpu_time(std::process::id())?.saturating_sub(before);
    let answers = nanos.len() as u64;
    anyhow::ensure!(answers > 0, "no answer came in the measured time");
    let each = used.as_secs_f64() * 1e6 / answers as f64;
    Ok(Outcome {
        answers,
        seconds,
        per_second: answers as f64 / seconds,
        cpu_us: Some(each),
        own_cpu_us: each,
        latency_us: Latency::of(nanos),
        answer_bytes: bytes,
    })
}

async fn postgres(
    url: &str,
    rows: u32,
    connections: usize,
    until: Instant,
) -> anyhow::Result<(Vec<u64>, usize)> {
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.context("cannot connect")?;
        tokio::spawn(connection);
        tasks.push(tokio::spawn(async move {
            let statement = client.prepare(&statement(rows)).await?;
            let (mut nanos, mut bytes) = (Vec::new(), 0);
            while Instant::now() < until {
                let began = Instant::now();
                let mut out = Vec::with_capacity(bytes + 64);
                let stream = client.query_raw(&statement, std::iter::empty::<i32>()).await?;
                futures::pin_mut!(stream);
                while let Some(row) = stream.next().await {
                    write_postgres(&mut out, &row?)?;
                }
                bytes = out.len();
                nanos.push(began.elapsed().as_nanos() as u64);
            }
            anyhow::Ok((nanos, bytes))
        }));
    }
    let (mut all, mut size) = (Vec::new(), 0);
    for task in tasks {
        let (nanos, bytes) = task.await??;
        all.extend(nanos);
        size = bytes;
    }
    Ok((all, size))
}

/// The price is read as text would be: its digits are what JSON shows.
fn write_postgres(out: &mut Vec<u8>, row: &tokio_postgres::Row) -> anyhow::Result<()> {
    use std::io::Write as _;
    let created: std::time::SystemTime = row.try_get(6)?;
    let since = created.duration_since(std::time::UNIX_EPOCH)?.as_micros();
    write!(
        out,
        r#"{{"id":{},"name":"{}","category":"{}","price":"{}","quantity":{},"active":{},"created":{since}}},"#,
        row.try_get::<_, i32>(0)?,
        row.try_get::<_, &str>(1)?,
        row.try_get::<_, &str>(2)?,
        row.try_get::<_, f64>(3)?,
        row.try_get::<_, i32>(4)?,
        row.try_get::<_, bool>(5)?,
    )?;
    Ok(())
}

fn sqlite(path: &str, rows: u32, until: Instant) -> anyhow::Result<(Vec<u64>, usize)> {
    use std::io::Write as _;
    let connection = rusqlite::Connection::open(path)?;
    let (mut nanos, mut bytes) = (Vec::new(), 0);
    while Instant::now() < until {
        let began = Instant::now();
        let mut out = Vec::with_capacity(bytes + 64);
        let mut prepared = connection.prepare_cached(&statement(rows))?;
        let mut found = prepared.query([])?;
        while let Some(row) = found.next()? {
            write!(
                out,
                r#"{{"id":{},"name":"{}","category":"{}","price":{},"quantity":{},"active":{},"created":"{}"}},"#,
                row.get_ref(0)?.as_i64()?,
                row.get_ref(1)?.as_str()?,
                row.get_ref(2)?.as_str()?,
                row.get_ref(3)?.as_f64()?,
                row.get_ref(4)?.as_i64()?,
                row.get_ref(5)?.as_i64()?,
                row.get_ref(6)?.as_str()?,
            )?;
        }
        if out.is_empty() {
            bail!("there are no rows in {path}");
        }
        bytes = out.len();
        nanos.push(began.elapsed().as_nanos() as u64);
    }
    Ok((nanos, bytes))
}
