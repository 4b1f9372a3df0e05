using Microsoft.Extensions.Hosting;

namespace LPZero.Seed.Control;

/// <summary>A host inside a command: signals are the command's to deal with.</summary>
internal sealed class CommandLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
