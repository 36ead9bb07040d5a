//! Closed sets of words, as enums: a typo in a variant does not compile.

/// An enum with a word for each variant, which is a row: `Cis = "cis"`.
macro_rules! words {
    ($(#[$attribute:meta])* $set:ident { $($(#[$of_variant:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $set {
            $($(#[$of_variant])* $variant,)+
        }

        impl $set {
            pub const ALL: [$set; [$($word),+].len()] = [$($set::$variant),+];
            /// The words of all, in their order.
            pub const WORDS: &[&str] = &[$($word),+];

            /// The word as config.yml has it.
            pub const fn name(self) -> &'static str {
                match self {
                    $($set::$variant => $word,)+
                }
            }

            /// What this word stands for. TPA knows them in this spelling only.
            pub fn parse(word: &str) -> Option<$set> {
                $set::ALL.into_iter().find(|known| known.name() == word)
            }
        }

        impl std::fmt::Display for $set {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.name())
            }
        }
    };
}
