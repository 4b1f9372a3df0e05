using LPZero.Messages.Control;
using LPZero.Seed.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LPZero.Seed.Control;

/// <summary>The control API on a port, where no node has one: of <c>lpzero serve</c>.</summary>
public sealed class ControlPort : IAsyncDisposable
{
    private readonly WebApplication application;

    private ControlPort(WebApplication application) => this.application = application;

    /// <summary>Where it listens, such as <c>http://127.0.0.1:4054</c>.</summary>
    public string Url => application.Urls.Single();

    /// <summary>Listens.</summary>
    /// <param name="address">Where; port 0 is any free one.</param>
    /// <param name="service">What is called.</param>
    /// <param name="security">Who may call it.</param>
    /// <param name="limits">How much it takes from anybody.</param>
    /// <param name="prepare">Adds where it logs to, and what its health is made of; null where it is silent and always well.</param>
    /// <exception cref="SearchServiceException">Anybody might call it.</exception>
    public static async Task<ControlPort> ListenAsync(
        (string Host, int Port) address, ISearchService service, ApiSecurity security, ApiLimits limits,
        Action<WebApplicationBuilder>? prepare = null)
    {
        security.Check(address.Host);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        builder.Services.AddHealthChecks();
        prepare?.Invoke(builder);
        ControlServer.Add(builder, kestrel => kestrel.ListenOn(address.Host, address.Port, security), limits);
        var server = builder.Build();
        server.MapHealth();
        ControlServer.Use(server, () => service, security, limits);
        try
        {
            await server.StartAsync();
            return new ControlPort(server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Listens no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }
}
