//go:build !linux

package pgtest

import "syscall"

// attributes are none: here the tests run as a user whom PostgreSQL serves.
func attributes(string) (*syscall.SysProcAttr, error) { return nil, nil }
