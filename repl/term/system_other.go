//go:build !unix

package term

import (
	"io/fs"
	"os"
)

func cellSize(*os.File) (width, height int) { return 0, 0 }

var readOnly = fs.ErrPermission

func interruptForeground() {}
