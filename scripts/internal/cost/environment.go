package cost

// Environment is what an environment's tfvars say that has a price. Terraform's variables document the members.
type Environment struct {
	Name       string              `json:"environment"`
	Region     string              `json:"region"` // "": Terraform's default
	AlarmEmail *string             `json:"alarm_email"`
	Overrides  map[string]Override `json:"overrides"`
	Retention  struct {
		LogDays     *float64 `json:"log_days"`
		ArchiveDays *float64 `json:"archive_days"`
	} `json:"retention"`
	Access struct {
		RequestsPerSecond *float64 `json:"requests_per_second"`
	} `json:"access"`
	Deployment struct {
		Tracing bool `json:"tracing"`
	} `json:"deployment"`
	Protection struct {
		Enabled bool `json:"enabled"`
	} `json:"protection"`
	Network struct {
		VPC      *string `json:"vpc_id"`
		PublicIP *bool   `json:"public_ip"`
	} `json:"network"`
	Database struct {
		Class     *string  `json:"class"`
		StorageGB *float64 `json:"storage_gb"`
		MultiAZ   *bool    `json:"multi_az"`
	} `json:"database"`
}

// Override is what an environment changes of one service.
type Override struct {
	MemoryMB     *float64 `json:"memory_mb"`
	Concurrency  *float64 `json:"concurrency"`
	MaxFunctions *float64 `json:"max_functions"`
	Rate         *float64 `json:"rate"`
	CPU          *float64 `json:"cpu"`
	MinTasks     *float64 `json:"min_tasks"`
	MaxTasks     *float64 `json:"max_tasks"`
	Provisioned  *float64 `json:"provisioned_concurrency"`
}

// The defaults of Terraform's variables, in terraform/variables.tf.
const (
	defaultLogDays     = 30
	defaultArchiveDays = 60
	defaultThrottle    = 1000 // requests a second of the HTTP API
	defaultMinTasks    = 1
	defaultMaxTasks    = 4
	defaultClass       = "db.t4g.micro"
	defaultStorageGB   = 20
)

// or returns a value that an environment may leave out.
func or[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}

// Payloads reports whether services log payloads, as TRACE_PAYLOADS in terraform/modules/service/main.tf says.
func (e *Environment) Payloads() bool {
	return !e.Protection.Enabled && (e.Name == "local" || e.Name == "dev")
}

// daysPerMonth is the mean length of a month.
const daysPerMonth = 365.25 / 12

func (e *Environment) logMonths() float64 {
	return or(e.Retention.LogDays, defaultLogDays) / daysPerMonth
}

func (e *Environment) archiveMonths() float64 {
	return or(e.Retention.ArchiveDays, defaultArchiveDays) / daysPerMonth
}
