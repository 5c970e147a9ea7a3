package embedpg

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// fixedSettings are HM's promises; the command line carries them so that no
// configuration file can break them.
//
// Nothing a patient said may reach the log. PostgreSQL puts values into the
// text of errors ("invalid input syntax for type date: ..."), into DETAIL lines
// (the duplicate key) and beside failed statements, so errors are not logged
// here at all: HM logs them itself, by SQLSTATE. What remains is the server's
// own life, tersely.
func fixedSettings(socketFolder string, ephemeral bool) map[string]string {
	settings := map[string]string{
		"listen_addresses":                  "",
		"port":                              "5432",
		"unix_socket_directories":           socketFolder,
		"unix_socket_permissions":           "0700",
		"logging_collector":                 "off",
		"log_destination":                   "stderr",
		"log_line_prefix":                   "%m [%p] ",
		"log_min_messages":                  "log",
		"log_min_error_statement":           "panic",
		"log_error_verbosity":               "terse",
		"log_statement":                     "none",
		"log_min_duration_statement":        "-1",
		"log_min_duration_sample":           "-1",
		"log_transaction_sample_rate":       "0",
		"log_parameter_max_length":          "0",
		"log_parameter_max_length_on_error": "0",
		"debug_print_parse":                 "off",
		"debug_print_rewritten":             "off",
		"debug_print_plan":                  "off",
	}
	if ephemeral {
		settings["fsync"] = "off"
		settings["synchronous_commit"] = "off"
		settings["full_page_writes"] = "off"
		settings["max_connections"] = "400" // of many houses at once, one for each test
	} else {
		settings["fsync"] = "on"
		settings["full_page_writes"] = "on"
	}
	return settings
}

// tuning fits a small hospital's one machine, which HM shares with PostgreSQL.
// An operator overrides it in postgresql.conf or by ALTER SYSTEM.
func tuning(memory int64) map[string]string {
	const mb = 1 << 20
	return map[string]string{
		"max_connections":                  "120",
		"shared_buffers":                   megabytes(min(max(memory/8, 128*mb), 2048*mb)),
		"effective_cache_size":             megabytes(max(memory/2, 256*mb)),
		"work_mem":                         megabytes(min(max(memory/512, 4*mb), 32*mb)),
		"maintenance_work_mem":             megabytes(min(max(memory/32, 64*mb), 512*mb)),
		"min_wal_size":                     "128MB",
		"max_wal_size":                     "2GB",
		"wal_compression":                  "on",
		"checkpoint_timeout":               "15min",
		"random_page_cost":                 "1.1",
		"jit":                              "off",
		"timezone":                         "'UTC'",
		"log_timezone":                     "'UTC'",
		"autovacuum_vacuum_scale_factor":   "0.05",
		"autovacuum_analyze_scale_factor":  "0.02",
		"client_connection_check_interval": "10s", // a query whose hm is gone ends, and its locks with it
	}
}

func megabytes(bytes int64) string { return strconv.FormatInt(bytes>>20, 10) + "MB" }

// machineMemory is what this machine or its container may use, in bytes.
func machineMemory() int64 {
	memory := int64(2 << 30)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kilobytes int64
		if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kilobytes); err == nil {
			memory = kilobytes << 10
		}
	}
	for _, path := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && limit > 0 {
			memory = min(memory, limit)
		}
	}
	return memory
}

const (
	tuningFile = "hm.conf"
	include    = "# Written by HM. Your own settings go below this line, they win over hm.conf.\ninclude_if_exists = 'hm.conf'\n"
	accessFile = "# Written by HM: nobody but the server's user and root can reach the socket.\nlocal all         all trust\nlocal replication all trust\n"
)

// writeTuning writes hm.conf anew when it differs, so that a machine with more
// memory is used and a new HM may bring better settings.
func (f folder) writeTuning() error {
	var text bytes.Buffer
	text.WriteString("# Written by HM at every start. Change settings in postgresql.conf or by ALTER SYSTEM.\n")
	settings := tuning(machineMemory())
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&text, "%s = %s\n", name, settings[name])
	}
	return f.writeFile(filepath.Join(f.pgdata(), tuningFile), text.Bytes())
}
