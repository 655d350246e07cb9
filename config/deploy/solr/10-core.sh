#!/bin/bash
# Sourced by the official image before Solr starts: put our configset into the core.
# Copied at every start, so that an upgrade of the portal brings its own analysis along.
core=/var/solr/data/ckan
mkdir -p "$core/conf"
cp -r /opt/govdata/configset/. "$core/conf/"
printf 'name=ckan\n' > "$core/core.properties"
