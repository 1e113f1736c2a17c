package trouble

import (
	"sync"
	"testing"
	"time"

	"gatewatch/test/servers"
)

// TestTrouble puts every trouble between the same Kafka and the same ClickHouse, except where these are the trouble.
func TestTrouble(t *testing.T) {
	s := shared{kafka: servers.StartKafka(t), clickhouse: servers.StartClickHouse(t)}
	watch(t, s.clickhouse)
	for _, tt := range []struct {
		name string
		run  func(*testing.T, shared)
	}{
		// Those that wait for longest come first, so that the others have their time meanwhile.
		{"Instances", instances},
		{"TopicDeleted", topicDeleted},
		{"StopWithoutSinks", stopWithoutSinks},
		{"Receivers", receivers},
		{"StopUnderLoad", stopUnderLoad},
		{"NATSAway", natsAway},
		{"Reload", reload},
		{"SchemaAtStart", schemaAtStart},
		{"SchemaChanged", schemaChanged},
		{"FileSizes", fileSizes},
		{"Directory", directory},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.run(t, s)
		})
	}
}

// watch starts ClickHouse again when it has ended by itself: as a library, it takes its process down when a connection
// breaks in the middle of the handshake, which killing a service may cause. A server of its own does not.
func watch(t *testing.T, clickhouse *servers.Server) {
	t.Helper()
	var watching sync.WaitGroup
	done := make(chan struct{})
	watching.Go(func() {
		ticker := time.NewTicker(50 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			if clickhouse.Ended() {
				t.Log("ClickHouse has ended by itself and is started again")
				clickhouse.Start()
			}
		}
	})
	t.Cleanup(func() {
		close(done)
		watching.Wait()
	})
}
