"""OWL DL on the ontology: HermiT by owlready2, the profiles by the OWL API, and Konclude where there is one."""
