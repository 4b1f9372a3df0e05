using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LPZero.Seed.Storage;

/// <summary>Where a database is: what a user gave, understood.</summary>
/// <param name="IsPostgres">Whether it is PostgreSQL; else it is a SQLite file.</param>
/// <param name="ConnectionString">How a client connects.</param>
public sealed record DatabaseLocation(bool IsPostgres, string ConnectionString)
{
    private const int SecondsUntilBusy = 60;

    /// <summary>The full path of the SQLite file; null for PostgreSQL.</summary>
    public string? FilePath => IsPostgres ? null : new SqliteConnectionStringBuilder(ConnectionString).DataSource;

    /// <summary>What tells it from others, without who connects: the file's full path, or host, port and name.</summary>
    public string Name
    {
        get
        {
            if (FilePath is { } file)
            {
                return file;
            }

            var server = new NpgsqlConnectionStringBuilder(ConnectionString);
            return string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}/{server.Database ?? server.Username}");
        }
    }

    // What libpq's URIs call differently from Npgsql.
    private static readonly Dictionary<string, string> UriNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode", ["sslrootcert"] = "Root Certificate", ["sslcert"] = "SSL Certificate", ["sslkey"] = "SSL Key",
        ["connect_timeout"] = "Timeout", ["application_name"] = "Application Name",
    };

    /// <summary>
    /// Understands <c>postgres://user:password@host:port/database</c>, a connection string such as
    /// <c>Host=db;Database=lpzero;Username=lpzero</c>, or the path of a SQLite file.
    /// </summary>
    /// <exception cref="DatabaseLocationException">It is none of them. The message repeats no value, as it may be a password.</exception>
    public static DatabaseLocation Parse(string text)
    {
        if (text.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0)
        {
            return text[..scheme] is "postgres" or "postgresql"
                ? Postgres(FromUri(text))
                : throw new DatabaseLocationException(
                    $"{text[..scheme]}://... is no database that nodes can share: give postgres://..., Host=... or a SQLite file");
        }

        // A path has no '=' before its first separator, unless it begins with './'.
        var isFile = text.IndexOf('=', StringComparison.Ordinal) is var equals
            && (equals < 0 || text.AsSpan(0, equals).ContainsAny('/', '\\'));
        return isFile ? File(text) : Postgres(FromConnectionString(text));
    }

    private static DatabaseLocation File(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new DatabaseLocationException(
                "its name is empty: give a SQLite file, or where PostgreSQL is (Host=...;Database=...;Username=...)");
        }

        return new(
            IsPostgres: false,
            new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), DefaultTimeout = SecondsUntilBusy }.ToString());
    }

    private static DatabaseLocation Postgres(NpgsqlConnectionStringBuilder builder) => string.IsNullOrWhiteSpace(builder.Host)
        ? throw new DatabaseLocationException("it names no host: add Host=... (or begin a file's name with ./)")
        : new(IsPostgres: true, builder.ConnectionString);

    private static NpgsqlConnectionStringBuilder FromConnectionString(string text)
    {
        var parts = new System.Data.Common.DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw new DatabaseLocationException(
                "it is no connection string: write KEY=VALUE;KEY=VALUE, such as Host=db;Database=lpzero;Username=lpzero");
        }

        var builder = new NpgsqlConnectionStringBuilder();
        foreach (string key in parts.Keys)
        {
            Set(builder, key, key, parts[key].ToString()!);
        }

        return builder;
    }

    private static NpgsqlConnectionStringBuilder FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            throw new DatabaseLocationException(
                "it is no URI: write postgres://user:password@host:port/database, with %XX for special characters");
        }

        var builder = new NpgsqlConnectionStringBuilder { Host = uri.IdnHost };
        if (uri.Port > 0)
        {
            builder.Port = uri.Port;
        }

        if (uri.UserInfo.Length > 0)
        {
            var user = uri.UserInfo.Split(':', 2);
            builder.Username = Uri.UnescapeDataString(user[0]);
            builder.Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null;
        }

        if (uri.AbsolutePath.Trim('/') is { Length: > 0 } database)
        {
            builder.Database = Uri.UnescapeDataString(database);
        }

        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            var name = Uri.UnescapeDataString(pair[0]);
            var value = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "";
            // Npgsql writes libpq's verify-full in one word.
            Set(
                builder, name, UriNames.GetValueOrDefault(name, name),
                name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value);
        }

        return builder;
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string given, string key, string value)
    {
        if (!builder.ContainsKey(key))
        {
            throw new DatabaseLocationException(
                $"PostgreSQL's client knows no '{given}': common keys are Host, Port, Database, Username and Password "
                + "(begin a file's name with ./)");
        }

        try
        {
            builder[key] = value;
        }
        catch (Exception problem) when (
            problem is ArgumentException or FormatException or InvalidCastException or OverflowException or NotSupportedException)
        {
            throw new DatabaseLocationException($"the value of '{given}' cannot be meant");
        }
    }
}
