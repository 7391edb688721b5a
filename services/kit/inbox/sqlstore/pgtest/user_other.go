//go:build !linux

package pgtest

import "syscall"

// attributes returns none: elsewhere tests are assumed not to run as root.
func attributes(string) (*syscall.SysProcAttr, error) { return nil, nil }
