//go:build !unix

package journal

import "os"

// exclusive does nothing: this system has no lock that is released when its process ends.
func exclusive(*os.File) error { return nil }
