package line

// Keys is what the keys of the editor do, for people.
const Keys = `Enter           run the cell if it is complete, else begin a line; Alt-Enter begins one in any case
Tab, Shift-Tab  complete, or at the start of a line indent; take the indent back
Ctrl-C, Ctrl-D  give the cell up, or interrupt the one that runs; leave
Up, Down        lines, then older and newer cells: those that begin as what is typed
Ctrl-R, Ctrl-S  search the history
Right, Ctrl-E   take what is proposed dimly
Ctrl-A, Ctrl-E  start and end of the line; Alt-B, Alt-F by words
Ctrl-W, Ctrl-K, Ctrl-U  kill a word, to the end, to the start; Ctrl-Y brings it back
Ctrl-_, Alt-_   undo, redo
F2              edit the cell in $VISUAL or $EDITOR`
