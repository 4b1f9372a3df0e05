using System.Security.Cryptography;
using System.Text;
using LPZero.Messages.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LPZero.Seed.Control;

/// <summary>
/// The control API on a Unix socket, through which other terminals reach the process that owns a run. Nobody but its user may open it.
/// </summary>
public sealed class ControlSocket : IAsyncDisposable
{
    private const UnixFileMode OfUserAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderOfUserAlone = OfUserAlone | UnixFileMode.UserExecute;

    // sockaddr_un has 108 bytes, the last of which is zero.
    private const int LongestPath = 107;

    private readonly WebApplication application;
    private readonly string path;

    private ControlSocket(WebApplication application, string path)
    {
        this.application = application;
        this.path = path;
    }

    /// <summary>
    /// Where the owner of a run is reached: a short path in the user's runtime folder, or in one of the user's own below the temporary
    /// folder, by the digest of what the database and the run are called.
    /// </summary>
    /// <param name="database">The database's full path, or host and name.</param>
    /// <param name="run">The run's name.</param>
    public static string PathOf(string database, string run)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{database}\n{run}")))[..24];
        return Path.Combine(Folder(), digest);
    }

    /// <summary>Listens.</summary>
    /// <param name="path">Where; what a dead process has left there is replaced, so the caller must own the run.</param>
    /// <param name="service">What is called.</param>
    /// <exception cref="SearchServiceException">The socket cannot be made, or its folder is somebody else's.</exception>
    public static async Task<ControlSocket> ListenAsync(string path, ISearchService service)
    {
        try
        {
            MakeFolder(Path.GetDirectoryName(path)!);
            File.Delete(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SearchServiceException(
                $"no socket can be made at {path} ({problem.Message}): set XDG_RUNTIME_DIR to a folder of your own");
        }

        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            throw new SearchServiceException(
                $"the path {path} is too long for a socket: set XDG_RUNTIME_DIR to a folder with a short path");
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        var limits = new ApiLimits();
        ControlServer.Add(builder, server => server.ListenUnixSocket(path), limits);
        var api = builder.Build();
        ControlServer.Use(api, () => service, new ApiSecurity(), limits);
        try
        {
            await api.StartAsync();
            File.SetUnixFileMode(path, OfUserAlone);
            return new ControlSocket(api, path);
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    /// <summary>Listens no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
        File.Delete(path);
    }

    private static string Folder() =>
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(runtime)
        ? Path.Combine(runtime, "lpzero")
        : Path.Combine(Path.GetTempPath(), $"lpzero-{Environment.UserName}");

    private static void MakeFolder(string folder)
    {
        Directory.CreateDirectory(folder, FolderOfUserAlone);
        // Whoever else made it could not be refused entry; only its owner may set its mode.
        File.SetUnixFileMode(folder, FolderOfUserAlone);
    }
}
