package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"

	"github.com/hashicorp/terraform-exec/tfexec"

	"example.com/troupe/scripts/internal/cli"
)

// backendKind matches the backend in the Terraform code.
var backendKind = regexp.MustCompile(`backend "(\w+)"`)

// localState is where the local backend keeps the state of an environment, below terraform.
func (d *deployment) localState() string { return filepath.Join("state", d.env+".tfstate") }

// initialise points Terraform at the environment's state, and makes sure that it is that of the account, and not an
// empty one beside that which there is.
func (d *deployment) initialise(ctx context.Context) error {
	local, err := d.reconfigure(ctx)
	if err != nil {
		return err
	}
	if n, err := resources(filepath.Join(d.root, "terraform", d.localState())); err != nil {
		return cli.Refuse("%w", err)
	} else if n > 0 && !local {
		return cli.Refuse("terraform/%s has %s of %s, and terraform/backend.tf says that the state is elsewhere: everything would be created again\n"+
			"make migrate-state ENV=%s moves it there", d.localState(), cli.Count(n, "resource"), d.env, d.env)
	}
	out, err := d.outputs(ctx)
	if err != nil {
		return err
	}
	if out.AccountID != "" && out.AccountID != d.account {
		return cli.Refuse("%s is deployed in account %s, and your credentials are for account %s", d.env, out.AccountID, d.account)
	}
	return nil
}

// reconfigure points Terraform at the environment's state, and reports whether that is a file here.
func (d *deployment) reconfigure(ctx context.Context) (local bool, err error) {
	code, err := os.ReadFile(filepath.Join(d.root, "terraform/backend.tf"))
	if err != nil {
		return false, cli.Refuse("%w", err)
	}
	options := []tfexec.InitOption{tfexec.Reconfigure(true)}
	if kind := backendKind.FindSubmatch(code); kind == nil || string(kind[1]) == "local" {
		local = true
		options = append(options, tfexec.BackendConfig("path="+d.localState()))
	} else {
		options = append(options, tfexec.BackendConfig("key="+d.env+".tfstate"))
	}
	if local && os.Getenv("CI") == "true" && d.command != "plan" {
		return local, cli.Refuse("terraform/backend.tf keeps the state in a file, which is lost with this machine, so nobody would know what was created: see \"For a team\" in terraform/README.md")
	}
	own := filepath.Join("env", d.env+".tfbackend") // what differs by environment: a bucket for each account
	if _, err := os.Stat(filepath.Join(d.root, "terraform", own)); err == nil && !local {
		options = append(options, tfexec.BackendConfig(own))
	}
	earlier := d.remembered()
	if err := d.terraform.Init(d.signals(ctx), options...); err != nil {
		return local, fmt.Errorf("initialise Terraform: %w", err)
	}
	if d.command == "migrate-state" {
		return local, nil
	}
	return local, d.checkMoved(ctx, earlier)
}

// memory is what Terraform remembers of the backend that it was initialised with.
type memory struct {
	Backend struct {
		Type   string
		Config map[string]any
	}
	source []byte
}

func (d *deployment) memoryFile() string {
	return filepath.Join(d.root, "terraform/.terraform/terraform.tfstate")
}

// remembered reads it; nothing where Terraform was never initialised here.
func (d *deployment) remembered() (m memory) {
	m.source, _ = os.ReadFile(d.memoryFile())
	_ = json.Unmarshal(m.source, &m) // what can't be read tells nothing
	return m
}

// checkMoved refuses an empty state where this environment's was elsewhere before.
func (d *deployment) checkMoved(ctx context.Context, earlier memory) error {
	now := d.remembered()
	place := func(m memory) (parts []string) {
		parts = append(parts, m.Backend.Type)
		for _, name := range slices.Sorted(maps.Keys(m.Backend.Config)) {
			if value, ok := m.Backend.Config[name].(string); ok && slices.Contains([]string{"bucket", "path", "address", "container_name"}, name) {
				parts = append(parts, value)
			}
		}
		return parts
	}
	this := func(m memory) bool { return m.Backend.Config["key"] == d.env+".tfstate" }
	if !this(earlier) || slices.Equal(place(earlier), place(now)) {
		return nil
	}
	state, err := d.terraform.StatePull(d.signals(ctx))
	if err != nil {
		return fmt.Errorf("read the state: %w", err)
	}
	if n, err := count([]byte(state)); err != nil || n > 0 {
		return err
	}
	if err := os.WriteFile(d.memoryFile(), earlier.source, 0o644); err != nil {
		return fmt.Errorf("put back what Terraform knew: %w", err)
	}
	return cli.Refuse("the state of %s was in %v, and in %v there is nothing: everything would be created again\n"+
		"Copy the state there, or remove terraform/.terraform where nothing was deployed", d.env, place(earlier), place(now))
}

// resources counts the resources in a file of a state; none is there without a file.
func resources(file string) (int, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return count(text)
}

func count(text []byte) (int, error) {
	if len(text) == 0 {
		return 0, nil
	}
	var state struct {
		Resources []struct{ Mode string }
	}
	if err := json.Unmarshal(text, &state); err != nil {
		return 0, fmt.Errorf("read the state: %w", err)
	}
	return len(state.Resources), nil
}

// migrateState takes a state from the file here to where the backend keeps it.
func (d *deployment) migrateState(ctx context.Context) error {
	if err := d.check(ctx); err != nil {
		return err
	}
	file := filepath.Join(d.root, "terraform", d.localState())
	n, err := resources(file)
	if err != nil || n == 0 {
		return cli.Refuse("terraform/%s has no resources: there is nothing to move", d.localState())
	}
	local, err := d.reconfigure(ctx)
	if err != nil {
		return err
	}
	if local {
		return cli.Refuse("terraform/backend.tf keeps the state in a file: write the output backend of terraform/bootstrap there first")
	}
	there, err := d.terraform.StatePull(d.signals(ctx))
	if err != nil {
		return fmt.Errorf("read the state: %w", err)
	}
	if has, err := count([]byte(there)); err != nil || has > 0 {
		return cli.Refuse("there is a state of %s already, with %s: nothing was changed", d.env, cli.Count(has, "resource"))
	}
	if err := d.terraform.StatePush(d.signals(ctx), file); err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	if err := os.Rename(file, file+".migrated"); err != nil {
		return fmt.Errorf("put the old state aside: %w", err)
	}
	fmt.Fprintf(d.Out, "%s of %s moved to the new state; the old one is terraform/%s.migrated\n", cli.Count(n, "resource"), d.env, d.localState())
	return nil
}

// signals returns the context that Terraform runs in: when it ends, Terraform is interrupted, and waited for
// while it finishes what it has begun and writes its state. On Linux Terraform runs in a process group of its own;
// elsewhere the terminal interrupts it itself, and a second interrupt would make it stop at once.
func (d *deployment) signals(ctx context.Context) context.Context {
	if runtime.GOOS != "linux" {
		return context.WithoutCancel(ctx)
	}
	return ctx
}
