//! The language server: what the compiler and the linter know, while somebody types.
//!
//! Features are functions over a [`Document`] that return plain structs in spans and texts; only `convert` and the
//! message loop know the protocol. Nothing here reads or writes but through what it is given.
//!
//! Messages are handled one after the other. Documents are checked when no message waits, so that of several changes
//! only the newest text is checked; a request about a document that is due has it checked first.

mod actions;
mod capabilities;
mod client;
pub mod completion;
mod convert;
pub mod definition;
mod diagnostics;
pub mod document;
mod documents;
pub mod folding;
mod formatting;
pub mod highlighting;
pub mod hints;
pub mod hover;
pub mod lens;
pub mod links;
mod merged;
mod names;
mod parameters;
mod positions;
pub mod references;
pub mod rename;
mod requests;
mod settings;
mod site;
mod spelling;
mod state;
pub mod symbols;
mod tokens;
mod transport;
mod uri;
mod was;
mod workspace;
mod world;

use std::collections::VecDeque;
use std::io::{BufRead, Write};
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use gen_lsp_types::{
    CancelParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWatchedFilesRegistrationOptions, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, FileSystemWatcher, Id, InitializeParams,
    LogMessageParams, MessageType, Registration, RegistrationParams, ShowMessageParams,
};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use serde::de::DeserializeOwned;

use client::Client;
use diagnostics::Publications;
use settings::{SECTION, Settings};
use state::State;
use transport::Outbox;

pub use document::Document;
pub use world::World;

/// How the conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As agreed on: the editor said that it would end, and then ended.
    Agreed,
    /// The editor has gone.
    Abandoned,
}

/// How often it is asked whether the editor's process still runs.
const PATIENCE: Duration = Duration::from_secs(2);

/// Files whose changes matter though nobody has them open.
const WATCHED: [&str; 4] = ["**/*.m1", "**/*.m1.lock", "**/m1c.toml", "**/.m1c.toml"];

/// Serves an editor until it ends.
pub fn serve(
    input: impl BufRead + Send + 'static,
    output: impl Write + Send + 'static,
    world: &dyn World,
) -> Ending {
    let mut server = Server {
        world,
        incoming: transport::read(input),
        outbox: Outbox::new(output),
        inbox: VecDeque::new(),
        session: None,
        is_ending: false,
    };
    let ending = server.run();
    server.outbox.close();
    ending
}

struct Server<'w> {
    world: &'w dyn World,
    incoming: Receiver<Message>,
    outbox: Outbox,
    /// Messages that have arrived and not been handled.
    inbox: VecDeque<Message>,
    /// From the request that begins everything.
    session: Option<Session>,
    /// Whether the editor has said that it will end.
    is_ending: bool,
}

/// What is known about the editor and its documents.
struct Session {
    client: Client,
    state: State,
    published: Publications,
    settings: Settings,
    /// The request for the settings that has not been answered.
    awaited: Option<RequestId>,
    /// What was wrong with the settings when it was last told.
    told: Option<String>,
    /// Whether the editor has to ask for diagnostics again, because a file that it did not change had another effect.
    has_news: bool,
}

impl Server<'_> {
    fn run(&mut self) -> Ending {
        loop {
            self.collect();
            if let Some(message) = self.inbox.pop_front() {
                if let Some(ending) = self.handle(message) {
                    return ending;
                }
            } else if let Some(path) = self.next_due() {
                self.settle(&path);
            } else {
                self.spread_news();
                if self.read_ahead() {
                    continue;
                }
                match self.incoming.recv_timeout(PATIENCE) {
                    Ok(message) => self.inbox.push_back(message),
                    Err(RecvTimeoutError::Timeout) if self.has_editor() => {}
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                        return Ending::Abandoned;
                    }
                }
            }
        }
    }

    /// Takes in all that waits. Requests that have been cancelled since are not handled.
    fn collect(&mut self) {
        while let Ok(message) = self.incoming.try_recv() {
            match message {
                Message::Notification(note) if note.method == "$/cancelRequest" => {
                    self.cancel(note.params);
                }
                Message::Notification(_) | Message::Request(_) | Message::Response(_) => {
                    self.inbox.push_back(message);
                }
            }
        }
    }

    fn cancel(&mut self, params: serde_json::Value) {
        let Ok(CancelParams { id }) = serde_json::from_value(params) else {
            return;
        };
        let id = match id {
            Id::Int(number) => RequestId::from(number),
            Id::String(text) => RequestId::from(text),
        };
        let is_meant =
            |message: &Message| matches!(message, Message::Request(request) if request.id == id);
        if let Some(at) = self.inbox.iter().position(is_meant) {
            self.inbox.remove(at);
            self.outbox
                .fail(&id, error(ErrorCode::RequestCanceled, "cancelled"));
        }
    }

    fn has_editor(&self) -> bool {
        let client = self.session.as_ref().map(|session| &session.client);
        let process = client.and_then(|client| client.process);
        process.is_none_or(|process| self.world.is_alive(process))
    }

    fn handle(&mut self, message: Message) -> Option<Ending> {
        match message {
            Message::Request(request) => self.request(request),
            Message::Notification(note) if note.method == "exit" => {
                return Some(if self.is_ending {
                    Ending::Agreed
                } else {
                    Ending::Abandoned
                });
            }
            Message::Notification(note) => {
                let method = note.method.clone();
                if let Err(reason) = attempt(|| self.notification(note)) {
                    self.log(MessageType::Error, &format!("`{method}` failed: {reason}"));
                }
            }
            Message::Response(response) => self.response(response),
        }
        None
    }

    fn request(&mut self, request: Request) {
        let id = request.id.clone();
        if self.is_ending {
            let message = "the server has been told to end";
            self.outbox
                .fail(&id, error(ErrorCode::InvalidRequest, message));
            return;
        }
        match (request.method.as_str(), self.session.is_some()) {
            ("initialize", false) => self.initialize(&id, request.params),
            ("initialize", true) => self.outbox.fail(
                &id,
                error(ErrorCode::InvalidRequest, "the server runs already"),
            ),
            (_, false) => self.outbox.fail(
                &id,
                error(ErrorCode::ServerNotInitialized, "`initialize` comes first"),
            ),
            ("shutdown", true) => {
                self.is_ending = true;
                self.outbox.answer(&id, ());
            }
            (_, true) => {
                let method = request.method.clone();
                if let Err(reason) = attempt(|| self.answer(request)) {
                    let message = format!("`{method}` failed: {reason}");
                    self.log(MessageType::Error, &message);
                    self.outbox
                        .fail(&id, error(ErrorCode::InternalError, message));
                }
            }
        }
    }

    fn initialize(&mut self, id: &RequestId, params: serde_json::Value) {
        let params: InitializeParams = match serde_json::from_value(params) {
            Ok(params) => params,
            Err(reason) => {
                let message = format!("not understood: {reason}");
                self.outbox
                    .fail(id, error(ErrorCode::InvalidParams, message));
                return;
            }
        };
        let client = Client::new(&params);
        let folders = client::folders(&params);
        let options = params.initialization_options;
        self.outbox.answer(id, capabilities::initialized(&client));
        self.session = Some(Session {
            state: State::new(client.encoding, folders),
            client,
            published: Publications::default(),
            settings: options
                .as_ref()
                .and_then(Settings::read)
                .unwrap_or_default(),
            awaited: None,
            told: None,
            has_news: false,
        });
    }

    fn notification(&mut self, note: Notification) {
        let Some(session) = &self.session else {
            return;
        };
        match note.method.as_str() {
            "initialized" => {
                self.watch();
                self.ask_for_settings();
            }
            "textDocument/didOpen" => {
                if let Some(DidOpenTextDocumentParams { text_document }) = self.params(note) {
                    self.open(text_document);
                }
            }
            "textDocument/didChange" => {
                let params: Option<DidChangeTextDocumentParams> = self.params(note);
                if let Some(params) = params {
                    self.change(params);
                }
            }
            "textDocument/didClose" => {
                if let Some(DidCloseTextDocumentParams { text_document }) = self.params(note) {
                    self.close(&uri::path(&text_document.uri));
                }
            }
            "workspace/didChangeWatchedFiles" => {
                let params: Option<DidChangeWatchedFilesParams> = self.params(note);
                for change in params.into_iter().flat_map(|params| params.changes) {
                    self.changed_on_disk(&uri::path(&change.uri), change.kind);
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                let params: Option<DidChangeWorkspaceFoldersParams> = self.params(note);
                if let Some(params) = params {
                    self.change_folders(&params.event);
                }
            }
            "workspace/didChangeConfiguration" => {
                if session.client.configures {
                    self.ask_for_settings();
                } else {
                    self.configure(note.params.get("settings"));
                }
            }
            // Those that need nothing done, and those that a server may ignore.
            _ => {}
        }
    }

    /// The parameters of a notification. Those that are not understood are logged.
    fn params<P: DeserializeOwned>(&self, note: Notification) -> Option<P> {
        match serde_json::from_value(note.params) {
            Ok(params) => Some(params),
            Err(reason) => {
                let message = format!("`{}` is not understood: {reason}", note.method);
                self.log(MessageType::Warning, &message);
                None
            }
        }
    }

    /// Asks the editor to tell which files change on disk.
    fn watch(&mut self) {
        let watches = self
            .session
            .as_ref()
            .is_some_and(|session| session.client.watches);
        if !watches {
            return;
        }
        let watchers = WATCHED.map(|pattern| FileSystemWatcher {
            glob_pattern: pattern.to_owned().into(),
            kind: None,
        });
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: watchers.to_vec(),
        };
        let registration = Registration {
            id: "watched-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let registrations = vec![registration];
        self.outbox.request(
            "client/registerCapability",
            RegistrationParams { registrations },
        );
    }

    fn ask_for_settings(&mut self) {
        let Some(session) = self
            .session
            .as_mut()
            .filter(|session| session.client.configures)
        else {
            return;
        };
        let params = serde_json::json!({ "items": [{ "section": SECTION }] });
        let request = self.outbox.request("workspace/configuration", params);
        session.awaited = Some(request);
    }

    /// Of all that the editor is asked for only the settings are of interest.
    fn response(&mut self, response: Response) {
        let Some(session) = &mut self.session else {
            return;
        };
        if session.awaited.as_ref() == Some(&response.id) {
            session.awaited = None;
            let settings = response.response_result.ok();
            self.configure(settings.as_ref().and_then(|settings| settings.get(0)));
        }
    }

    /// Takes new settings, and has the editor ask again for what they change.
    fn configure(&mut self, settings: Option<&serde_json::Value>) {
        let (Some(session), Some(settings)) =
            (&mut self.session, settings.and_then(Settings::read))
        else {
            return;
        };
        let old = std::mem::replace(&mut session.settings, settings);
        if old.inlay_hints != settings.inlay_hints && session.client.refreshes_hints {
            self.outbox.request("workspace/inlayHint/refresh", ());
        }
        if old.code_lens != settings.code_lens && session.client.refreshes_lenses {
            self.outbox.request("workspace/codeLens/refresh", ());
        }
    }

    fn log(&self, kind: MessageType, message: &str) {
        let message = message.to_owned();
        self.outbox
            .notify("window/logMessage", LogMessageParams { kind, message });
    }

    fn show(&self, kind: MessageType, message: &str) {
        let message = message.to_owned();
        self.outbox
            .notify("window/showMessage", ShowMessageParams { kind, message });
    }
}

fn error(code: ErrorCode, message: impl Into<String>) -> ResponseError {
    ResponseError {
        code: code as i32,
        message: message.into(),
        data: None,
    }
}

/// Runs work that must not end the server. The hook of panics has told where it went wrong.
fn attempt<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        text.unwrap_or_else(|| "this is a bug in m1c".to_owned())
    })
}
