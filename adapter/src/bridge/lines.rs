//! Messages as lines: one JSON-RPC message each, with no line break inside.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

/// Longest message of a server.
pub(super) const LONGEST: usize = 64 << 20;

/// Reads lines until the end of the stream. `Err` says why reading ended before it.
pub(super) async fn read(
    mut stream: impl AsyncBufRead + Unpin,
    mut take: impl FnMut(&[u8]),
) -> Result<(), String> {
    let mut line = Vec::new();
    loop {
        let piece = stream.fill_buf().await.map_err(|error| format!("cannot be read: {error}"))?;
        if piece.is_empty() {
            return Ok(());
        }
        let end = piece.iter().position(|byte| *byte == b'\n');
        let (taken, used) = match end {
            Some(end) => (piece.get(..end), end + 1),
            None => (Some(piece), piece.len()),
        };
        line.extend_from_slice(taken.unwrap_or_default());
        stream.consume(used);
        if line.len() > LONGEST {
            return Err(format!("wrote a message of more than {LONGEST} bytes"));
        }
        if end.is_some() {
            let text = line.trim_ascii();
            if !text.is_empty() {
                take(text);
            }
            line.clear();
        }
    }
}

/// Writes lines as they come, until nobody has more.
pub(super) async fn write(
    mut stream: impl AsyncWrite + Unpin,
    mut lines: mpsc::Receiver<Vec<u8>>,
) -> io::Result<()> {
    while let Some(mut line) = lines.recv().await {
        line.push(b'\n');
        stream.write_all(&line).await?;
        stream.flush().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_come_whole_however_they_were_cut() {
        let text = b"{\"a\":1}\r\n\n  {\"b\":\n2}\nrest";
        let mut seen = Vec::new();
        let stream = tokio::io::BufReader::with_capacity(3, &text[..]);
        read(stream, |line| seen.push(String::from_utf8(line.to_vec()).unwrap())).await.unwrap();
        assert_eq!(seen, ["{\"a\":1}", "{\"b\":", "2}"]);
    }

    #[tokio::test]
    async fn each_message_is_one_line() {
        let (sender, receiver) = mpsc::channel(4);
        sender.send(b"{}".to_vec()).await.unwrap();
        sender.send(b"[]".to_vec()).await.unwrap();
        drop(sender);
        let mut out = Vec::new();
        write(&mut out, receiver).await.unwrap();
        assert_eq!(out, b"{}\n[]\n");
    }
}
