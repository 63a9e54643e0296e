//! The binary: see the library for the map.

fn main() -> std::process::ExitCode {
    xabar::cli::main()
}
