"""The front door of the service desk: what pages, API and other rooms may ask and do."""
