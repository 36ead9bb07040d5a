//! The `m1c` program.

/// Half of the compiler's work is to take and give back small pieces of memory, which this does in less time than the
/// allocators of the systems.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    m1c::cli::run(&std::env::args_os().collect::<Vec<_>>())
}
