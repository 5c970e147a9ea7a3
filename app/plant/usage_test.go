package plant

import (
	"os"
	"testing"
)

func TestUsageOfThisProcess(t *testing.T) {
	u, err := ProcessUsage(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if u.Resident < 1<<20 || u.Peak < u.Resident || u.Threads < 1 {
		t.Errorf("%+v", u)
	}
	if family, err := FamilyUsage(os.Getpid()); err != nil || family.Threads < u.Threads {
		t.Errorf("%+v %v", family, err)
	}
	if _, err := ProcessUsage(1 << 30); err == nil {
		t.Error("a process that is not there has usage")
	}
}
