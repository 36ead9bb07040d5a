#[test]
fn smoke() {
    let mut args = std::env::var("SMOKE").unwrap_or_default();
    if args.is_empty() { args = "x".into(); }
    for path in args.split(' ') {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let mut sources = m1c::source::Sources::default();
        let file = sources.add(path, text.clone());
        let mut d = m1c::diagnostic::Diagnostics::default();
        let t0 = std::time::Instant::now();
        let tree = m1c::syntax::parse(file, &text, &mut d);
        let el = t0.elapsed();
        println!("== {path} {} statements {:?}", tree.body.statements.len(), el);
        for x in d.into_sorted() {
            let (l, c) = sources.line_and_column(file, x.primary.span.start);
            println!("{l}:{c} [{}] {} | {} | {:?}", x.code.name, x.message, x.primary.text, x.help);
        }
    }
}
