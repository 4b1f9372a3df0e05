namespace LPZero.Seed.Tests.Program;

/// <summary>A run that a process has worked on to its end, for tests that need one and change it in a copy.</summary>
public sealed class FinishedRun : IAsyncLifetime, IDisposable
{
    private readonly SmallRun run = new();

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var started = await Lpzero.RunProcessAsync(run.Folder, run.StartArguments(iterations: 1));
        Assert.True(started.ExitCode == 0, started.Error);
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => run.Dispose();

    /// <summary>Copies the run into another folder, its database under the given name.</summary>
    internal void CopyTo(SmallRun other, string? database = null)
    {
        foreach (var file in Directory.EnumerateFiles(run.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(other.Folder, Path.GetRelativePath(run.Folder, file));
            if (database is not null && file.StartsWith(run.Database, StringComparison.Ordinal))
            {
                copy = Path.Combine(other.Folder, database + file[run.Database.Length..]);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
