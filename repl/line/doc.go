// Package line reads texts of any number of lines from a terminal: the editor of a REPL.
//
//	Editor      Read for a cell, ReadLine for an answer, Write for what others print meanwhile
//	Config      what it asks: completions, whether a text is complete, signatures, colours, history
//	machine     a text and what keys do to it; knows no terminal (commands, history, search, menu, ghost, blocks)
//	view        a machine as a frame of rows; knows the screen's size only (layout)
//	tty         the terminal: raw mode, size, bytes that can be waited for and left
//
//	internal/keys   bytes -> keys
//	internal/text   the text, the cursor, kills and undo
//	internal/paint  frames -> what is to be written, by difference
//
// The terminal's modes and size are readline's (github.com/chzyer/readline). Its editor is not used: it holds one line, of
// which it repaints all after each key; it knows no bracketed paste, no undo, no colours as one types, and counts columns by
// characters. Its cancelable reader is not used either: what comes after it is cancelled it reads all the same, and loses.
//
// While nothing is being read the terminal is in its ordinary mode and nobody reads from it. What is typed then is not lost:
// it is read next.
//
// What is left out: selecting with the mouse, vi's keys, right-to-left text.
package line
