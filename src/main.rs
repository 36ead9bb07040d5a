//! The `m1c` program.

fn main() -> std::process::ExitCode {
    m1c::cli::run(std::env::args_os().collect())
}
