package std

import "kairos/stdlib/symbols/table"

// Platform is the table.Group of the packages that differ between platforms; it has none where they were not generated.
func Platform(path string) []table.Symbol {
	if path == "syscall" {
		return symbols_syscall
	}
	return nil
}
