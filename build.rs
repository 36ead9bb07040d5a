//! Links the program to a fixed place on Linux. Its tables hold many thousands of addresses, which the loader would
//! otherwise work out at every start, in memory that no other run shares.

#![allow(clippy::print_stdout, reason = "Cargo reads it")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    let is_static = target("FEATURE").contains("crt-static");
    if target("OS") == "linux" && target("ENV") == "gnu" && !is_static {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
