//! A table that stays where it is on the terminal.

use std::io::{self, Write};

use crossterm::{
    cursor::MoveTo,
    queue,
    style::Print,
    terminal::{Clear, ClearType},
};

use crate::terminal::{fit, size};

pub(super) fn clear(mut to: impl Write) -> io::Result<()> {
    queue!(to, Clear(ClearType::All))?;
    to.flush()
}

/// Writes the lines over those of the last time, as many and as much of each as there is room for.
pub(super) fn draw(mut to: impl Write, lines: &[String]) -> io::Result<()> {
    let (columns, rows) = size();
    for (row, line) in (0..rows).zip(lines) {
        queue!(
            to,
            MoveTo(0, row),
            Print(fit(line, columns)),
            Clear(ClearType::UntilNewLine)
        )?;
    }
    let below = u16::try_from(lines.len()).unwrap_or(rows);
    if below < rows {
        queue!(to, MoveTo(0, below), Clear(ClearType::FromCursorDown))?;
    }
    to.flush()
}
