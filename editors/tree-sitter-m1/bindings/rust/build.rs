//! Compiles the generated parser and its scanner.

fn main() {
    let files = ["src/parser.c", "src/scanner.c"];
    cc::Build::new()
        .std("c11")
        .include("src")
        .files(files)
        .flag_if_supported("-Wno-unused-parameter")
        .compile("tree-sitter-m1");
    for file in files {
        println!("cargo:rerun-if-changed={file}");
    }
}
