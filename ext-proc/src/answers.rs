//! The service's half of a stream, which never ends by itself but with an error.
//!
//! Envoy takes a clean end for "I need to see no more" and lets the rest pass. So the end has to be said; where whoever
//! answers is gone without a word, by a panic or by the end of the program, the stream fails and the exchange with it.

use std::pin::Pin;
use std::task::{Context, Poll};

use proto::envoy::service::ext_proc::v3::ProcessingResponse;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tonic::Status;

enum Word {
    Answer(ProcessingResponse),
    Failed(Status),
    Over,
}

/// Where one exchange answers.
pub(crate) struct Speaker(mpsc::Sender<Word>);

/// What Envoy hears of it.
pub(crate) struct Answers {
    words: mpsc::Receiver<Word>,
    over: bool,
}

/// Envoy no longer listens.
pub(crate) struct Gone;

pub(crate) fn pair() -> (Speaker, Answers) {
    let (sender, words) = mpsc::channel(4);
    (Speaker(sender), Answers { words, over: false })
}

impl Speaker {
    pub(crate) async fn answer(&self, answer: ProcessingResponse) -> Result<(), Gone> {
        self.0.send(Word::Answer(answer)).await.map_err(|_| Gone)
    }

    /// Ends the exchange: Envoy answers an error, or resets an answer that has begun.
    pub(crate) async fn fail(self, status: Status) {
        // Nobody listens: nothing is left to end.
        let _ = self.0.send(Word::Failed(status)).await;
    }

    /// Envoy has ended the stream itself.
    pub(crate) async fn over(self) {
        let _ = self.0.send(Word::Over).await;
    }
}

impl Stream for Answers {
    type Item = Result<ProcessingResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        self.words.poll_recv(context).map(|word| match word {
            Some(Word::Answer(answer)) => Some(Ok(answer)),
            Some(Word::Failed(status)) => {
                self.over = true;
                Some(Err(status))
            }
            Some(Word::Over) => {
                self.over = true;
                None
            }
            None => {
                self.over = true;
                Some(Err(Status::internal("the gate has failed")))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_stream::StreamExt as _;
    use tonic::Code;

    #[tokio::test]
    async fn a_gate_that_is_gone_without_a_word_fails_the_exchange() {
        let (speaker, mut answers) = pair();
        assert!(speaker.answer(ProcessingResponse::default()).await.is_ok());
        drop(speaker);
        assert!(answers.next().await.unwrap().is_ok());
        assert_eq!(answers.next().await.unwrap().unwrap_err().code(), Code::Internal);
        assert!(answers.next().await.is_none());
    }

    #[tokio::test]
    async fn only_an_end_that_is_said_is_clean() {
        let (speaker, mut answers) = pair();
        speaker.over().await;
        assert!(answers.next().await.is_none());
    }
}
