#!/bin/bash
# Sourced by the official image before Solr starts: put our configset into the core.
# Copied at every start, so that an upgrade of the portal brings its own analysis along.
core="/var/solr/data/ckan"
configset="/opt/govdata/configset"
mkdir -p "$core/conf"
cp -r "$configset/." "$core/conf/"
printf 'name=ckan\n' > "$core/core.properties"
