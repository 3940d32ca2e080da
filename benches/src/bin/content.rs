//! `content`: how many bytes of results a second are looked at for secrets and personal data.
//!
//! Ordinary texts, and texts made to be slow: many near misses, long runs that any byte could begin anew.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context;
use content::{Mode, Rules, inspect};
use mcp::{Json, Limits};
use serde_json::{Value, json};

/// Size of each message, in bytes: little enough that a run seldom loses its core.
const SIZE: usize = 128 * 1024;

fn main() -> anyhow::Result<()> {
    let rules = Rules::of(Mode::Redact, Mode::Redact);
    println!("{:<34} {:>9} {:>9} {:>9}", "128 KiB of", "MB/s", "parse", "findings");
    for (name, message) in messages() {
        let limits = Limits { bytes: 4 * SIZE, members: 4_000_000, ..Limits::default() };
        let json = Json::parse(message.as_bytes(), &limits).context(name)?;
        let found: u32 = inspect(json, &rules).found.iter().map(|(_, count)| count).sum();
        let looking = rate(message.len(), || drop(black_box(inspect(json, &rules))));
        let parsing = rate(message.len(), || drop(black_box(Json::parse(message.as_bytes(), &limits))));
        println!("{name:<34} {looking:>9.0} {parsing:>9.0} {found:>9}");
    }
    Ok(())
}

/// Megabytes a second, the best of a few.
fn rate(bytes: usize, run: impl Fn()) -> f64 {
    let best = (0..25).map(|_| time(&run)).min().unwrap_or_default();
    bytes as f64 / 1e6 / best.as_secs_f64().max(1e-9)
}

fn time(run: &impl Fn()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn messages() -> Vec<(&'static str, String)> {
    let prose = "The quick brown fox sat on 2024-11-21 at 10:30, order 1000012345 for EUR 1,234.56.\n";
    let log = "2026-11-21T10:30:00.123Z INFO [worker-1] req=550e8400-e29b-41d4-a716-446655440000 GET /a/b?c=d 200 12ms\n";
    let code = "    let value = self.text.get(at..).map_or(0, |rest| rest.len()); // see RFC 9110, 4.2\n";
    let wide = "日本語の文章は、検出器にとって速い道ではない。Это тоже — “текст”. ";
    let mails = "Alice Example <alice@example.com>, +49 30 1234567, 4111 1111 1111 1111\n";
    let row = json!({ "id": 12345, "name": "Alice Example", "city": "Berlin", "note": "likes tea", "total": 99.5, "paid": true });
    let rows: Vec<&Value> = vec![&row; SIZE / row.to_string().len()];
    let copy = json!(rows).to_string();
    let mut all = vec![
        ("structured rows", result(&json!({ "structuredContent": rows }))),
        (
            "rows and their text copy",
            result(&json!({ "structuredContent": rows, "content": [{ "type": "text", "text": copy }] })),
        ),
    ];
    let texts = [
        ("prose", prose),
        ("log lines", log),
        ("source code", code),
        ("Japanese and Russian", wide),
        ("a finding every 20 bytes", mails),
        ("slow: near misses of tokens", "eyJ-sk-ghp_AKIA"),
        ("slow: near misses of passwords", "token=token=password="),
        ("slow: at signs", "a@b@"),
        ("slow: digits", "4111-1111 1111."),
        ("slow: separators", "=: =>"),
    ];
    all.extend(texts.map(|(name, text)| {
        let text = text.repeat(SIZE / text.len());
        (name, result(&json!({ "content": [{ "type": "text", "text": text }] })))
    }));
    all
}

fn result(result: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": 1, "result": result }).to_string()
}
