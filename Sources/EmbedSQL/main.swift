/// `EmbedSQL SQL_FOLDER OUTPUT_FILE`: turns `sql/` into a Swift source of the module Migrations.
Program.run(CommandLine.arguments)
