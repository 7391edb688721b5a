package workers

import "syscall"

// attributes gives a process a group of its own, and has the kernel kill it when
// this process dies, however that happens.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
