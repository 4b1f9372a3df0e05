namespace LPZero.GpuNode.Proxies;

/// <summary>
/// -θᵀ H g over the linear maps' weights θ, with the gradient g and the Hessian H of the loss: how much the norm of the gradient would
/// change without each weight. Wang, Zhang and Grosse, "Picking winning tickets before training by preserving gradient flow", ICLR 2020,
/// summed as by Abdelfattah et al. (ICLR 2021). They differentiate twice; here H θ is a one-sided difference: how the gradient differs at
/// weights that are 1 % larger, divided by 0.01.
/// </summary>
public sealed class Grasp : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "grasp";

    /// <inheritdoc/>
    public string Measures => "how the gradient's norm depends on the weights";

    /// <inheritdoc/>
    public string Source => "Wang, Zhang and Grosse, ICLR 2020; Abdelfattah et al., ICLR 2021 (here by a difference at weights 1 % larger)";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Maps | ProxyNeeds.WeightGradients | ProxyNeeds.OtherPass;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => -evidence.WeightsHessianGradient;
}
