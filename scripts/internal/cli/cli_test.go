package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
)

// greet greets one person, in some of the ways in which a command can end.
func greet(ctx context.Context, arguments []string, t cli.Terminal) error {
	flags := cli.NewFlags("greet", "greet greets.\n\nExample:\n  greet Ada\n\nFlags:\n", t)
	times := flags.Int("times", 1, "greet so `often`")
	if err := flags.Parse(arguments, "one person"); err != nil {
		return err
	}
	if *times < 1 {
		return cli.Usage("-times is %d: it must be 1 or more", *times)
	}
	switch name := flags.Arg(0); name {
	case "stranger":
		return fmt.Errorf("greet: %w", cli.Refuse("there is no %s", name))
	case "enemy":
		return &cli.ExitError{Code: 3, Err: errors.New("it was declined")}
	case "mute":
		return &cli.ExitError{Code: cli.ExitFailure}
	case "nobody":
		return errors.New("nobody answers")
	default:
		fmt.Fprint(t.Out, strings.Repeat("Hello "+name+"\n", *times))
		return ctx.Err()
	}
}

func TestRun(t *testing.T) {
	for _, test := range []struct {
		line      string
		code      int
		out, says string
	}{
		{"Ada", 0, "Hello Ada\n", ""},
		{"-times 2 Ada", 0, "Hello Ada\nHello Ada\n", ""},
		{"-h", 0, "", "greet greets.\n\nExample:\n  greet Ada\n\nFlags:\n  -times often\n    \tgreet so often (default 1)\n\nExit codes"},
		{"nobody", cli.ExitFailure, "", "nobody answers\n"},
		{"mute", cli.ExitFailure, "", ""},
		{"enemy", 3, "", "it was declined\n"},
		{"stranger", cli.ExitUsage, "", "greet: there is no stranger\n"},
		{"-times 0 Ada", cli.ExitUsage, "", "-times is 0: it must be 1 or more; -h shows examples\n"},
		{"-often Ada", cli.ExitUsage, "", "flag provided but not defined: -often\nusage: greet [flags] …; -h lists the flags\n"},
		{"", cli.ExitUsage, "", "name one person (got []); -h shows examples\n"},
		{"Ada -times 2", cli.ExitUsage, "", `name one person (got ["Ada" "-times" "2"]); -h shows examples`},
	} {
		var out, says bytes.Buffer
		code := cli.Run(t.Context(), greet, strings.Fields(test.line), cli.Terminal{Out: &out, Err: &says})
		if test.code == cli.ExitUsage && strings.Count(says.String(), "\n") > 2 {
			t.Errorf("greet %s: the mistake is hidden by\n%s", test.line, &says)
		}
		if code != test.code || out.String() != test.out || !strings.HasPrefix(says.String(), test.says) || test.says == "" && says.Len() > 0 {
			t.Errorf("greet %s: code %d, stdout %q, stderr %q; want %d, %q, %q", test.line, code, &out, &says, test.code, test.out, test.says)
		}
	}
}

// TestMain runs a command that prints a variable of its children's environment, if TestWorkspace asks for it.
func TestMain(m *testing.M) {
	if os.Getenv("CLI_TEST") == "environment" {
		cli.Main(func(ctx context.Context, _ []string, t cli.Terminal) error {
			child := exec.CommandContext(ctx, "go", "env", "GOWORK")
			child.Dir, child.Stdout = os.Getenv("CLI_TEST_FOLDER"), t.Out
			return child.Run()
		})
	}
	os.Exit(m.Run())
}

// TestWorkspace runs a command below a go.work of something else.
func TestWorkspace(t *testing.T) {
	above := t.TempDir()
	folder := filepath.Join(above, "checkout")
	if err := errors.Join(os.Mkdir(folder, 0o755), os.WriteFile(filepath.Join(above, "go.work"), []byte("go 1.26\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), "GOWORK=", "CLI_TEST=environment", "CLI_TEST_FOLDER="+folder)
	if out, err := command.Output(); err != nil || string(out) != "off\n" {
		t.Errorf("its go command uses the workspace %q, %v; want none", out, err)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 50_000: "50,000", 1_234_567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := cli.Thousands(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range []string{"0 services", "1 service", "2 services"} {
		if got := cli.Count(n, "service"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

// TestUsageLine checks that a mistake is answered with the command as it is called.
func TestUsageLine(t *testing.T) {
	for _, line := range []string{"go run ./scripts/local up", "go -C scripts/lab run ./sim", "go run ./scripts/publish"} {
		err := cli.NewFlags("x", "x does things.\n\n  "+line+" [flags]\n  "+line+" -count 3 # more\n", cli.Terminal{Err: io.Discard}).Parse([]string{"-oh"})
		if want := "usage: " + line + " [flags]; -h lists the flags"; err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestFlagsAlone checks that a command without arguments refuses them by name.
func TestFlagsAlone(t *testing.T) {
	var says bytes.Buffer
	alone := func(_ context.Context, arguments []string, t cli.Terminal) error {
		return cli.NewFlags("alone", "", t).Parse(arguments)
	}
	if code := cli.Run(t.Context(), alone, []string{"dev"}, cli.Terminal{Err: &says}); code != cli.ExitUsage || says.String() != "unexpected argument \"dev\"; -h shows examples\n" {
		t.Errorf("code %d, stderr %q", code, &says)
	}
}

// TestInterrupted checks that an error after Ctrl-C is reported as an interruption, and that a command that still
// succeeds is a success.
func TestInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var says bytes.Buffer
	if code := cli.Run(ctx, greet, []string{"Ada"}, cli.Terminal{Out: &says, Err: &says}); code != cli.ExitFailure || !strings.HasSuffix(says.String(), "interrupted: context canceled\n") {
		t.Errorf("code %d, stderr %q", code, &says)
	}
	well := func(context.Context, []string, cli.Terminal) error { return nil }
	if code := cli.Run(ctx, well, nil, cli.Terminal{}); code != 0 {
		t.Errorf("code %d", code)
	}
}
