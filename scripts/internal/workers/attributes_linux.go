package workers

import "syscall"

// attributes puts a process in its own process group, and makes the kernel kill it when this process dies for any
// reason.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
