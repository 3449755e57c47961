import Postgres
import Testing

/// The server's role may call the published functions, and nothing else.
@Suite("Privileges")
struct PrivilegeTests {
    private let database: TestDatabase

    init() throws { database = try TestDatabase() }

    @Test(
        "rapport_api cannot read or write one table", arguments: ["rapport_api", "rapport_report"])
    func tables(_ role: String) throws {
        let relations = try database.rows(
            """
            SELECT format('%I.%I', n.nspname, c.relname), c.relkind = 'v', n.nspname,
                (SELECT format('%I', a.attname) FROM pg_attribute AS a
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                 ORDER BY a.attgenerated, a.attidentity, a.attnum LIMIT 1)
            FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
                AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            """)
        #expect(relations.count > 8)
        let connection = try BlockingConnection(ConnectionSettings(database.url, role: role))
        for relation in relations {
            let name = relation[0] ?? ""
            let column = relation[3] ?? ""
            var statements = [
                "INSERT INTO \(name) DEFAULT VALUES", "DELETE FROM \(name)",
                "UPDATE \(name) SET \(column) = \(column)", "TRUNCATE \(name)",
                "LOCK TABLE \(name) IN ROW EXCLUSIVE MODE", "DROP TABLE \(name)",
            ]
            if role != "rapport_report" || relation[2] != "report_v1" {
                statements.append("SELECT FROM \(name)")
            }
            if relation[1] == "t" { statements.removeAll { $0.hasPrefix("TRUNCATE") } }
            for statement in statements {
                let refused = #expect(throws: PostgresError.self, "\(statement)") {
                    try connection.execute("BEGIN; \(statement); COMMIT")
                }
                // Not a table, not updatable: refused before rights are looked at, just as well.
                #expect(
                    ["42501", "42809", "55000"].contains(refused?.sqlstate ?? ""),
                    "\(statement): \(refused?.description ?? "")")
                try connection.execute("ROLLBACK")
            }
        }
    }

    @Test("rapport_report reads every view of report_v1, and those show no secret")
    func reports() throws {
        let views = try database.rows(
            """
            SELECT c.oid::regclass::text FROM pg_class AS c
            WHERE c.relnamespace = 'report_v1'::regnamespace AND c.relkind IN ('v', 'm')
            """)
        #expect(!views.isEmpty)
        let connection = try BlockingConnection(
            ConnectionSettings(database.url, role: "rapport_report"))
        for view in views {
            let columns = try connection.query("SELECT * FROM \(view[0] ?? "") LIMIT 1").columns
            for column in columns {
                let names = column.contains(/(password|token|code)$|hash|secret/)
                #expect(!names, "\(view): \(column)")
            }
        }
    }

    @Test("Every published function is executable by rapport_api; no rule, no DBA function is")
    func functions() throws {
        let closed = try database.rows(
            """
            SELECT r.name FROM http.gateway_routes() AS r
            WHERE NOT has_function_privilege('rapport_api', r.name || '(http.request)', 'EXECUTE')
            """)
        #expect(closed == [])
        let open = try database.rows(
            """
            SELECT p.oid::regprocedure::text FROM pg_proc AS p
            JOIN pg_namespace AS n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('core', 'ops', 'app')
                AND (has_function_privilege('rapport_api', p.oid, 'EXECUTE')
                    OR has_function_privilege('rapport_report', p.oid, 'EXECUTE'))
            """)
        #expect(open == [])
        let published = try database.rows(
            """
            SELECT p.oid::regprocedure::text FROM pg_proc AS p
            JOIN pg_namespace AS n ON n.oid = p.pronamespace
            WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'ext')
                AND has_function_privilege('rapport_api', p.oid, 'EXECUTE')
                AND NOT (p.prosecdef
                    AND p.proconfig @> ARRAY['search_path=pg_catalog, pg_temp']
                    AND pg_get_userbyid(p.proowner) = 'rapport_owner')
            """)
        #expect(published == [], "open, but not SECURITY DEFINER with a pinned search_path")
    }

    @Test("The roles can make nothing, and nobody can log in as one of them")
    func roles() throws {
        let roles = try database.rows(
            """
            SELECT rolname FROM pg_roles
            WHERE rolname IN ('rapport_owner', 'rapport_api', 'rapport_report')
                AND (rolcanlogin OR rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls)
            """)
        #expect(roles == [])
        for role in ["rapport_api", "rapport_report"] {
            let connection = try BlockingConnection(ConnectionSettings(database.url, role: role))
            for statement in [
                "CREATE SCHEMA mine", "CREATE TABLE public.mine ()", "CREATE TABLE app.mine ()",
                "CREATE FUNCTION http.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            ] {
                let refused = #expect(throws: PostgresError.self, "\(role): \(statement)") {
                    try connection.execute(statement)
                }
                #expect(refused?.sqlstate == "42501", "\(role): \(statement)")
            }
        }
    }

    @Test("Whoever DATABASE_URL is, requests are served as rapport_api")
    func server() throws {
        try withServer(database: database) { server in
            let route = AddedRoute(
                name: "whoami",
                answer:
                    "json_build_object('http_status_code', 200, 'role', current_setting('role'))"
            )
            try route.add(to: server)
            let role = try server.client.get(route.path).json()["role"]
            #expect(role == .string("rapport_api"))
        }
    }
}
