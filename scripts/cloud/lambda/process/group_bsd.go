//go:build unix && !linux

package process

import "syscall"

func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func peakMemory(int) int { return 0 } // there is no /proc to read it from
