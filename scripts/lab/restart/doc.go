// Package restarttest kills the local cloud with SIGKILL while it works, starts it again on its data
// folder, and looks for what was acknowledged. Its tests take minutes, so they need
// -tags restart: make test-restart.
package restarttest
