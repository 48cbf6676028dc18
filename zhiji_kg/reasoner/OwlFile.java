import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.io.OWLFunctionalSyntaxOntologyFormat;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWL2RLProfile;
import org.semanticweb.owlapi.profiles.OWLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileReport;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

/**
 * What the OWL API inside HermiT.jar knows and HermiT's command line does not tell.
 *
 * <p>{@code OwlFile profiles FILE...} prints, tab-separated, for each file and profile: the file, the
 * profile, "in" or "out", and each kind of violation with its number and one example.
 * {@code OwlFile functional FROM TO} writes an ontology in functional syntax.
 *
 * <p>The compiled class is shipped beside this file, because a Java from pip has no compiler.
 * CONTRIBUTING.md says how it is made.
 */
public final class OwlFile {
    private OwlFile() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("profiles")) {
            for (int i = 1; i < arguments.length; i++) {
                profiles(arguments[i]);
            }
        } else {
            OWLOntology ontology = load(arguments[1]);
            ontology.getOWLOntologyManager().saveOntology(
                    ontology, new OWLFunctionalSyntaxOntologyFormat(), IRI.create(new File(arguments[2])));
        }
    }

    private static OWLOntology load(String path) throws Exception {
        OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
        return manager.loadOntologyFromOntologyDocument(new File(path));
    }

    private static void profiles(String path) throws Exception {
        OWLOntology ontology = load(path);
        for (OWLProfile profile : new OWLProfile[] {new OWL2DLProfile(), new OWL2RLProfile()}) {
            OWLProfileReport report = profile.checkOntology(ontology);
            Map<String, Integer> counts = new TreeMap<String, Integer>();
            Map<String, String> examples = new TreeMap<String, String>();
            for (OWLProfileViolation violation : report.getViolations()) {
                String kind = violation.getClass().getSimpleName();
                counts.put(kind, counts.containsKey(kind) ? counts.get(kind) + 1 : 1);
                String example = violation.toString().replaceAll("\\s+", " ");
                if (!examples.containsKey(kind) || example.compareTo(examples.get(kind)) < 0) {
                    examples.put(kind, example);
                }
            }
            StringBuilder line = new StringBuilder();
            line.append(path).append('\t').append(profile.getName()).append('\t');
            line.append(report.isInProfile() ? "in" : "out");
            for (Map.Entry<String, Integer> entry : counts.entrySet()) {
                line.append('\t').append(entry.getKey()).append(' ').append(entry.getValue());
                line.append(' ').append(examples.get(entry.getKey()));
            }
            System.out.println(line);
        }
    }
}
