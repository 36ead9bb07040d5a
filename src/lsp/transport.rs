//! Messages go in and out, each on a thread of its own, so that a slow reader holds up nobody.

use std::io::{BufRead, ErrorKind, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use lsp_server::{Message, Notification, RequestId, ResponseError};
use serde::Serialize;

/// Reads messages until the other side has gone. One that cannot be understood is passed over.
pub(super) fn read(mut input: impl BufRead + Send + 'static) -> Receiver<Message> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        loop {
            match Message::read(&mut input) {
                Ok(Some(message)) => {
                    let ends = matches!(&message, Message::Notification(Notification { method, .. }) if method == "exit");
                    if sender.send(message).is_err() || ends {
                        return;
                    }
                }
                // Its text has been read to the end.
                Err(error) if error.kind() == ErrorKind::InvalidData => {}
                Ok(None) | Err(_) => return,
            }
        }
    });
    receiver
}

/// Where messages are sent to.
pub(super) struct Outbox {
    sender: Sender<String>,
    writer: JoinHandle<()>,
    requests: i32,
}

#[derive(Serialize)]
struct Outgoing<'m, P> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i32>,
    method: &'m str,
    params: P,
}

#[derive(Serialize)]
struct Answer<'m, R> {
    jsonrpc: &'static str,
    id: &'m RequestId,
    result: R,
}

#[derive(Serialize)]
struct Failure<'m> {
    jsonrpc: &'static str,
    id: &'m RequestId,
    error: ResponseError,
}

/// The version of JSON-RPC.
const VERSION: &str = "2.0";

impl Outbox {
    pub(super) fn new(mut output: impl Write + Send + 'static) -> Outbox {
        let (sender, receiver) = mpsc::channel::<String>();
        let writer = thread::spawn(move || {
            for text in receiver {
                let message = format!("Content-Length: {}\r\n\r\n{text}", text.len());
                let written = output.write_all(message.as_bytes());
                if written.and_then(|()| output.flush()).is_err() {
                    return;
                }
            }
        });
        Outbox {
            sender,
            writer,
            requests: 0,
        }
    }

    pub(super) fn notify(&self, method: &str, params: impl Serialize) {
        self.send(&Outgoing {
            jsonrpc: VERSION,
            id: None,
            method,
            params,
        });
    }

    /// Asks the client for something, and gives the number of the request.
    pub(super) fn request(&mut self, method: &str, params: impl Serialize) -> RequestId {
        self.requests += 1;
        self.send(&Outgoing {
            jsonrpc: VERSION,
            id: Some(self.requests),
            method,
            params,
        });
        self.requests.into()
    }

    pub(super) fn answer(&self, id: &RequestId, result: impl Serialize) {
        self.send(&Answer {
            jsonrpc: VERSION,
            id,
            result,
        });
    }

    pub(super) fn fail(&self, id: &RequestId, error: ResponseError) {
        self.send(&Failure {
            jsonrpc: VERSION,
            id,
            error,
        });
    }

    fn send(&self, message: &impl Serialize) {
        if let Ok(text) = serde_json::to_string(message) {
            // That the other side has gone is noticed where messages are read.
            let _ = self.sender.send(text);
        }
    }

    /// Waits until everything is written.
    pub(super) fn close(self) {
        drop(self.sender);
        let _ = self.writer.join();
    }
}
