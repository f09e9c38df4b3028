// A container by the snippet of docs/containers.md, for as long as standard input is open.
package snippet

import (
	"encoding/json"
	"io"
	"net"
	"os"
	"strconv"
	"testing"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// (the snippet)

func TestSnippet(t *testing.T) {
	portalURL, tokenEndpoint := startUnderstudy(t)
	err := json.NewEncoder(os.Stdout).Encode(map[string]string{"portalUrl": portalURL, "tokenEndpoint": tokenEndpoint})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		t.Fatal(err)
	}
}
