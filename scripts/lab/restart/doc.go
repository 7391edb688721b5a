// Package restarttest kills the local cloud with SIGKILL under load, starts it again with its data folder, and checks
// that everything acknowledged is still there. The tests take minutes, so they need -tags restart: make test-restart.
package restarttest
