package environment_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cost/environment"
)

// TestRead reads tfvars as Terraform does, and tells a mistake at its place.
func TestRead(t *testing.T) {
	root := t.TempDir()
	write := func(text string) {
		t.Helper()
		folder := filepath.Join(root, "terraform", "env")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "staging.tfvars"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if e, err := environment.Read(root, "local"); err != nil || e.Name != "local" || e.Protection.Enabled {
		t.Errorf("local: %+v, %v", e, err)
	}
	if _, err := environment.Read(root, "staging"); err == nil || !strings.Contains(err.Error(), "there is no environment staging") {
		t.Errorf("without a file: %v", err)
	}
	write(`environment = "staging" # a comment
alarm_email = "ops@example.com"
retention   = { log_days = 7 }
protection = {
  enabled = true
}
overrides = {
  buoy = { min_tasks = 2, cpu = 512 }
}
network = { public_ip = false }
access  = { jwt = { issuer = "https://sea.example.com", audience = ["a"] } }
`)
	e, err := environment.Read(root, "staging")
	if err != nil {
		t.Fatal(err)
	}
	if e.Name != "staging" || *e.AlarmEmail != "ops@example.com" || *e.Retention.LogDays != 7 || e.Retention.ArchiveDays != nil ||
		!e.Protection.Enabled || *e.Overrides["buoy"].MinTasks != 2 || *e.Overrides["buoy"].CPU != 512 || *e.Network.PublicIP {
		t.Errorf("%+v", e)
	}
	for text, want := range map[string]string{
		"environment = \"staging\"\nprotection = {":      "terraform/env/staging.tfvars:2",
		"environment = \"staging\"\nalarm_email = var.a": "terraform/env/staging.tfvars:2",
		"database = { storage_gb = \"much\" }":           "storage_gb",
	} {
		write(text)
		if _, err := environment.Read(root, "staging"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
