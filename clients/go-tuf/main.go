// Go-tuf with the command line of tuf-conformance; docs/clients.md describes it.
//
// Exit status 0 if the client is content, 1 if it is not. After init it trusts what lies in
// --metadata-dir under names without a version, and nothing else. The time is the clock's, or that
// in TUFLINE_CLIENT_NOW.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata/config"
	"github.com/theupdateframework/go-tuf/v2/metadata/trustedmetadata"
	"github.com/theupdateframework/go-tuf/v2/metadata/updater"
)

type names []string

func (n *names) String() string { return strings.Join(*n, ",") }

func (n *names) Set(name string) error {
	*n = append(*n, name)
	return nil
}

var (
	metadataDir = flag.String("metadata-dir", "", "folder of what the client trusts")
	metadataURL = flag.String("metadata-url", "", "where the metadata is")
	targetDir   = flag.String("target-dir", "", "folder of artifacts")
	targetsURL  = flag.String("target-base-url", "", "where the artifacts are")
	targetNames names
)

func main() {
	flag.Var(&targetNames, "target-name", "artifact to download; may be repeated")
	flag.Parse()
	if err := run(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	switch {
	case len(arguments) == 2 && arguments[0] == "init":
		return initialize(arguments[1])
	case len(arguments) == 1 && arguments[0] == "refresh":
		_, err := refreshed()
		return err
	case len(arguments) == 1 && arguments[0] == "download":
		return download()
	}
	return errors.New("the command is init ROOT, refresh or download")
}

// initialize trusts a root, if it verifies by its own keys.
func initialize(path string) error {
	root, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if _, err := trustedmetadata.New(root); err != nil {
		return err
	}
	return os.WriteFile(trustedRoot(), root, 0o600)
}

// refreshed returns a client that has updated its metadata.
func refreshed() (*updater.Updater, error) {
	root, err := os.ReadFile(trustedRoot())
	if err != nil {
		return nil, err
	}
	settings, err := config.New(*metadataURL, root)
	if err != nil {
		return nil, err
	}
	settings.LocalMetadataDir = *metadataDir
	settings.LocalTargetsDir = *targetDir
	if *targetDir == "" { // the library insists on a folder, which only downloads use
		settings.LocalTargetsDir = *metadataDir
	}
	if *targetsURL != "" {
		settings.RemoteTargetsURL = *targetsURL
	}
	client, err := updater.New(settings)
	if err != nil {
		return nil, err
	}
	if err := setTime(client); err != nil {
		return nil, err
	}
	return client, client.Refresh()
}

func setTime(client *updater.Updater) error {
	text := os.Getenv("TUFLINE_CLIENT_NOW")
	if text == "" {
		return nil
	}
	now, err := time.Parse(time.RFC3339, text)
	if err == nil {
		client.UnsafeSetRefTime(now)
	}
	return err
}

// download gets each artifact, unless the same bytes are there.
func download() error {
	client, err := refreshed()
	if err != nil {
		return err
	}
	for _, name := range targetNames {
		listed, err := client.GetTargetInfo(name)
		if err != nil {
			return err
		}
		cached, _, err := client.FindCachedTarget(listed, "")
		if err != nil {
			return err
		}
		if cached != "" {
			continue
		}
		if _, _, err := client.DownloadTarget(listed, "", ""); err != nil {
			return err
		}
	}
	return nil
}

func trustedRoot() string { return filepath.Join(*metadataDir, "root.json") }
