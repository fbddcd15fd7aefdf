//! What there is room for on the terminal.

use crossterm::terminal;

/// Without a terminal that tells its size.
const USUAL_SIZE: (u16, u16) = (80, 24);

/// Columns and rows.
pub(crate) fn size() -> (u16, u16) {
    terminal::size().unwrap_or(USUAL_SIZE)
}

/// As much of the line as there is room for; an ellipsis tells that there is more.
pub(crate) fn fit(line: &str, columns: u16) -> String {
    let columns = usize::from(columns);
    match line.chars().count() <= columns {
        true => line.to_owned(),
        false => {
            let kept = line.chars().take(columns.saturating_sub(1));
            kept.chain(['…']).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_ends_in_an_ellipsis() {
        assert_eq!(fit("Überlauf", 8), "Überlauf");
        assert_eq!(fit("Überlauf", 7), "Überla…");
        assert_eq!(fit("Überlauf", 1), "…");
    }
}
