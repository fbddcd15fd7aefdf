//! What was tried, how long it took, and what came of it.

use std::time::Instant;

use anyhow::Result;

/// Does one step and prints its line. What the step returns is told in brackets.
pub(crate) async fn step(what: &str, work: impl Future<Output = Result<String>>) -> Result<()> {
    let start = Instant::now();
    let done = work.await;
    let seconds = start.elapsed().as_secs_f32();
    match done {
        Ok(detail) if detail.is_empty() => println!("  ok     {seconds:5.1} s  {what}"),
        Ok(detail) => println!("  ok     {seconds:5.1} s  {what} ({})", detail.trim_end()),
        Err(error) => {
            println!("  FAILED {seconds:5.1} s  {what}");
            return Err(error);
        }
    }
    Ok(())
}
